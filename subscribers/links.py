"""Sealed links: what a reader may do without a password.

A token (`bulletin_site.tokens`) names one subscriber. All links of a mail, those to the
preferences and those to pause, to stop a section and to leave, have one and the same: who has
the mail has them all. That to confirm has another, because it shows that a mailbox is read.
Leaving, pausing and stopping a section must work from the oldest mail in a drawer, so only
confirmations and preferences run out.
"""

from __future__ import annotations

import time
from datetime import timedelta
from enum import StrEnum

from bulletin_site.links import absolute
from bulletin_site.tokens import BadToken, Stamp
from subscribers.models import Subscriber


class Purpose(StrEnum):
    """What a link is for; also the name of the route that takes its token."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    PAUSE = "pause"
    STOP = "stop"
    LEAVE = "leave"


# The uses of tokens.
CONFIRMING = "confirming"
READER = "reader"

# In the keys of return paths (`bulletin_site.mail.return_path`).
NOTICE = "n"  # a mail to a subscriber about their own subscription
LEAVING = "l"  # the address to which a subscriber writes to leave

LIFETIMES = {Purpose.CONFIRM: timedelta(days=7), Purpose.PREFERENCES: timedelta(days=365)}


class BadLink(Exception):
    """The token was not made here for this purpose."""


class ExpiredLink(BadLink):
    """The token was good once. `subscriber_id` says whose it was."""

    def __init__(self, subscriber_id: int) -> None:
        super().__init__("expired")
        self.subscriber_id = subscriber_id


def link(subscriber: Subscriber, purpose: Purpose) -> str:
    """The absolute address under which `subscriber` can do `purpose`."""
    return absolute(f"subscribers:{purpose}", token(subscriber, purpose))


def token(subscriber: Subscriber, purpose: Purpose) -> str:
    """What stands in the address: 36 letters."""
    return Stamp(_use(purpose)).token(subscriber.pk, at=int(time.time())).decode()


def subscriber_id(token: str, purpose: Purpose) -> int:
    """Whose token it is. Raises ExpiredLink or BadLink. No query."""
    try:
        number, made = Stamp(_use(purpose)).read(token)
    except BadToken as error:
        raise BadLink from error
    lifetime = LIFETIMES.get(purpose)
    if lifetime and time.time() > made + lifetime.total_seconds():
        raise ExpiredLink(number)
    return number


def _use(purpose: Purpose) -> str:
    return CONFIRMING if purpose is Purpose.CONFIRM else READER
