"""Signed links: what a reader may do without a password.

A token (`foundation.tokens`) names one subscriber. All links of a mail, those to the
preferences and those to pause, to stop a section and to leave, have one and the same: who has
the mail has them all. That to confirm has another, because it shows that a mailbox is read.
Leaving, pausing and stopping a section must work from the oldest mail in a drawer, so only
confirmations, preferences and undoing run out. A mail may have been passed on meanwhile: what an
old token opens shows the address masked, and has a fresh link mailed before it shows more. So no
page may hand out a newer token than the one that it was opened with, but for confirming: the links
of a page carry that same one (`same_token`).

A token is good for one subscription: it carries the reader's link key, and confirming takes the
next one (`renewed`). So what was mailed before somebody left and signed up again is good for
nothing, while a stranger who only types the address into the form ends no link. A link to confirm
carries the key of the subscription that it begins, and goes on showing that page.
"""

from __future__ import annotations

import time
from datetime import timedelta
from enum import StrEnum

from django.db.models.expressions import Combinable
from django.urls import reverse

from foundation import link_keys
from foundation.absolute_urls import absolute_url
from foundation.tokens import BadToken, TokenSigner
from mail.bounces.return_path import Key
from subscribers.models import SignUpRequest, Subscriber


class Purpose(StrEnum):
    """The purpose of a link; also the name of the route that takes its token."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    PAUSE = "pause"
    STOP = "stop"
    LEAVE = "leave"
    UNDO = "undo"


# The uses of tokens.
CONFIRMING = "confirming"
READER = "reader"

# In the keys of return paths (`mail.bounces.return_path`).
NOTICE = "n"  # a mail to a subscriber about their own subscription
LEAVING = "l"  # the address to which a subscriber writes to leave

LIFETIMES = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.PREFERENCES: timedelta(days=30),
    Purpose.UNDO: timedelta(days=30),
}
OLD = LIFETIMES[Purpose.PREFERENCES]  # the age from which a token shows no more than its page needs


class BadLink(Exception):
    """The token was not made here for this purpose."""


class GoneLink(BadLink):
    """The token was good once; the row that it names is no more, or is another reader's now."""


class OldLink(BadLink):
    """The token is of a subscription that ended before `reader` signed up again."""

    def __init__(self, reader: Subscriber) -> None:
        super().__init__("old")
        self.reader = reader


class ExpiredLink(BadLink):
    """The token was good once, and is too old. `reader` is whose it was."""

    def __init__(self, reader: Subscriber) -> None:
        super().__init__("expired")
        self.reader = reader


def link(subscriber: Subscriber, purpose: Purpose) -> str:
    """The absolute address under which `subscriber` can do `purpose`."""
    return absolute_url(f"subscribers:{purpose}", token(subscriber, purpose))


def same_token(token: str, purpose: Purpose) -> str:
    """Return the path to another page with the token of this one, however old."""
    return reverse(f"subscribers:{purpose}", args=[token])


def is_old(token: str, purpose: Purpose) -> bool:
    """Return whether a good token is so old that the mail may be in others' hands by now."""
    return time.time() > TokenSigner(_use(purpose)).read(token).at + OLD.total_seconds()


def token(subscriber: Subscriber, purpose: Purpose) -> str:
    """Return what stands in the address: 36 letters."""
    link_key = subscriber.link_key
    if purpose is Purpose.CONFIRM:
        link_key = link_keys.link_key_after(link_key)
    at = int(time.time())
    return TokenSigner(_use(purpose)).token(subscriber.pk, link_key, at=at).decode()


def reader_of(token: str, purpose: Purpose) -> Subscriber:
    """Return whose token it is, with the bulletin. Raises BadLink, and GoneLink, OldLink and
    ExpiredLink, which are ones. One query; none for a token that was not made here."""
    try:
        made = TokenSigner(_use(purpose)).read(token)
    except BadToken as error:
        raise BadLink from error
    reader = Subscriber.objects.select_related("bulletin").filter(pk=made.number).first()
    if reader is None:
        raise GoneLink
    if not _is_good(made.link_key, reader, purpose):
        known = link_keys.is_same_or_former(made.link_key, of=reader.link_key)
        raise OldLink(reader) if known else GoneLink
    lifetime = LIFETIMES.get(purpose)
    if lifetime and time.time() > made.at + lifetime.total_seconds():
        raise ExpiredLink(reader)
    return reader


def _is_good(link_key: int, reader: Subscriber, purpose: Purpose) -> bool:
    """Return whether a token of that key is of the present subscription; to confirm, of the next
    one, or of the present one where nothing is to be confirmed."""
    if purpose is not Purpose.CONFIRM:
        return link_key == reader.link_key
    if link_key == link_keys.link_key_after(reader.link_key):
        return True
    return link_key == reader.link_key and SignUpRequest.objects.pending(reader) is None


def renewed() -> Combinable:
    """The `link_key` of a reader whose subscription begins, for the UPDATE that says so."""
    return link_keys.next_link_key()


def return_key(subscriber: Subscriber, letter: str) -> Key:
    """Return what names `subscriber` in the return path of a mail, `letter` NOTICE or LEAVING."""
    return Key(letter, subscriber.pk, subscriber.link_key)


def _use(purpose: Purpose) -> str:
    return CONFIRMING if purpose is Purpose.CONFIRM else READER
