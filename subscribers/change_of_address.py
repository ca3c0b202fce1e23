"""Changing a reader's address: asked for on their page, confirmed by a link that is mailed to the
new address, and told to the former one, by which it can be stopped or undone.

Nothing changes before it is confirmed. Then all that the mailbox reads goes to the new one, and
links in mails to the former mailbox, whoever has that now, are good for nothing any more. A
bulletin that the new mailbox reads already stays as it is at both.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from subscribers import links, mailboxes
from subscribers.addresses import Address
from subscribers.confirmation_mail import WAITS
from subscribers.models import AddressChange, NoticeLimit, SignUpRequest, Subscriber, Suppression

NO_WAITS = (timedelta(0), timedelta(0))
MOVING = "moving"  # the address key of a row whose own is taken at this moment; no address

log = logging.getLogger(__name__)


class TooOften(Exception):
    """The reader asked three times today."""


@transaction.atomic
def request(reader: Subscriber, address: Address, *, at: datetime) -> AddressChange:
    """Write down that a reader wants mail at `address`; the two mails are due at `at`. What was
    asked for before and not confirmed is given up. Raises TooOften.

    No mail is due to a new mailbox that must not be asked, or was asked too lately: the page says
    the same.
    """
    kinds, take = NoticeLimit.Kind, NoticeLimit.objects.take
    if not take(reader.address_key, kinds.ADDRESS, waits=NO_WAITS, at=at):
        raise TooOften
    held = Suppression.objects.unlifted().filter(address_key=address.key).exists()
    ask = not held and take(address.key, kinds.CONFIRMATION, waits=WAITS, at=at)
    may_tell = Subscriber.objects.not_suppressed().filter(pk=reader.pk).exists()
    AddressChange.objects.filter(
        former_key=reader.address_key, confirmed_at=None, ended_at=None
    ).delete()
    change = AddressChange.objects.create(
        subscriber=reader,
        former_address=reader.address,
        former_key=reader.address_key,
        address=address.text,
        address_key=address.key,
        requested_at=at,
        question_due_at=at if ask else None,
        notice_due_at=at if may_tell else None,
    )
    log.info("address change asked for subscriber=%s change=%s", reader.pk, change.pk)
    return change


def pending_of(reader: Subscriber, *, at: datetime) -> AddressChange | None:
    """Return the change that waits to be confirmed for the reader's mailbox."""
    return AddressChange.objects.pending(at=at).filter(former_key=reader.address_key).first()


def movable(change: AddressChange) -> list[Subscriber]:
    """Return the readers at the former mailbox who can be given the new one: those of bulletins
    that the new one does not read. Two queries."""
    here = mailboxes.readers_at(change.address_key).confirmed()
    taken = set(here.values_list("bulletin_id", flat=True))
    readers = mailboxes.readers_at(change.former_key).confirmed().select_related("bulletin")
    return [one for one in readers.order_by("pk") if one.bulletin_id not in taken]


def confirm(change_id: int, *, at: datetime) -> bool:
    """Give the readers of the former mailbox the new one. Returns False when the change was done,
    stopped or is too old, or there is nobody to move; nothing changes then.

    Where somebody signs up with the new address at this very moment, it is done once more, with
    what they did.
    """
    return _until_it_fits(partial(_confirm, change_id, at=at))


def end(change_id: int, *, at: datetime) -> bool:
    """Stop a change that waits, or undo one that was done: the readers who were moved get their
    former address back. Returns False when it was ended before, or is too old."""
    return _until_it_fits(partial(_end, change_id, at=at))


def former_key_at(reader: Subscriber, mailed_at: datetime | None) -> str:
    """Return the mailbox to which a mail of that time went, if the reader has another one since; ""
    where it is the same. One query."""
    if mailed_at is None:
        return ""
    since = AddressChange.objects.filter(
        address_key=reader.address_key, confirmed_at__gt=mailed_at, ended_at=None
    )
    moved = (one.former_key for one in since.order_by("confirmed_at") if reader.pk in one.moved)
    return next(moved, "")


def _until_it_fits(act: partial[bool]) -> bool:
    try:
        return act()
    except IntegrityError:
        return act()


@transaction.atomic
def _confirm(change_id: int, *, at: datetime) -> bool:
    pending = AddressChange.objects.select_for_update(of=("self",)).pending(at=at)
    change = pending.filter(pk=change_id).first()
    if change is None:
        return False
    moved = [
        reader.pk
        for reader in movable(change)
        if _move(reader, address=change.address, key=change.address_key)
    ]
    if not moved:
        return False
    change.moved = moved
    change.confirmed_at = at
    change.save(update_fields=["moved", "confirmed_at"])
    log.info("address changed change=%s subscribers=%s", change.pk, change.moved)
    return True


@transaction.atomic
def _end(change_id: int, *, at: datetime) -> bool:
    rows = AddressChange.objects.select_for_update(of=("self",)).filter(pk=change_id)
    change = (rows.pending(at=at) | rows.undoable(at=at)).first()
    if change is None:
        return False
    if change.confirmed_at:
        moved = Subscriber.objects.filter(pk__in=change.moved, address_key=change.address_key)
        for reader in moved.order_by("pk"):
            _move(reader, address=change.former_address, key=change.former_key)
    AddressChange.objects.filter(pk=change.pk).update(
        ended_at=at, question_due_at=None, notice_due_at=None
    )
    log.info("address change ended change=%s", change.pk)
    return True


def _move(reader: Subscriber, *, address: str, key: str) -> bool:
    """Give a reader another mailbox. Who is there in the same bulletin and does not read takes
    theirs, with the history that they have; who never confirmed is forgotten. Returns False, and
    changes nothing, where somebody reads there."""
    there = Subscriber.objects.select_for_update(of=("self",)).filter(
        bulletin=reader.bulletin_id, address_key=key
    )
    other = there.first()
    if other is not None and other.is_reading:
        return False
    if other is not None and other.confirmed_at is None:
        other.delete()
        other = None
    row = Subscriber.objects.filter(pk=reader.pk)
    if other is None:
        row.update(address=address, address_key=key, link_key=links.renewed())
        return True
    SignUpRequest.objects.filter(subscriber=other.pk).delete()
    place = Subscriber.objects.filter(pk=other.pk)
    place.update(address_key=f"{MOVING} {other.pk}")
    row.update(address=address, address_key=key, link_key=links.renewed())
    place.update(
        address=reader.address,
        address_key=reader.address_key,
        link_key=links.renewed(),
        confirmation_due_at=None,
    )
    return True
