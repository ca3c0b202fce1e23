"""All that one mailbox has to do with this site: its rows in each bulletin."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from foundation.tokens import TokenSigner
from publications.models import Bulletin
from subscribers.addresses import Address
from subscribers.confirmation_mail import WAITS
from subscribers.links import READER
from subscribers.models import NoticeLimit, Subscriber
from subscribers.models.subscriber import SubscriberQuerySet

NOBODY = 0


class Bulletins(NamedTuple):
    """The bulletins of the site, as a mailbox has them: its subscriptions, and those bulletins of
    which it gets nothing."""

    read: list[Subscriber]
    others: list[Bulletin]


def readers_at(address_key: str) -> SubscriberQuerySet:
    """Return the rows of a mailbox, one a bulletin at most. The index begins with the bulletin."""
    bulletins = Bulletin.objects.order_by().values("pk")
    return Subscriber.objects.filter(bulletin__in=bulletins, address_key=address_key)


def bulletins_of(address_key: str) -> Bulletins:
    """Return which bulletins come to a mailbox, and which could, each in the order of the names.
    Two queries."""
    readers = readers_at(address_key).confirmed().select_related("bulletin")
    read = list(readers.order_by("bulletin__name", "pk"))
    keys = {reader.bulletin_id for reader in read}
    return Bulletins(read, [one for one in Bulletin.objects.order_by("name") if one.pk not in keys])


def token_of(reader: Subscriber, *, beside: str) -> str:
    """Return the token of another subscription of the mailbox whose good token is `beside`: as old
    as that, so that no page makes an old link a new one."""
    signer = TokenSigner(READER)
    return signer.token(reader.pk, reader.link_key, at=signer.read(beside).at).decode()


@transaction.atomic
def request_link(address: Address, *, at: datetime) -> int:
    """Make one mail due at `at` with a link to all that a mailbox reads here; to who has not
    confirmed yet, with the link to confirm. Returns whom to mail, NOBODY where there is nobody.

    The same is asked and written of the database for a mailbox that is known and one that is not,
    so that the time that it takes tells nobody which it was.
    """
    waiting = readers_at(address.key).filter(unsubscribed_at=None).confirmable()
    oldest = waiting.order_by(F("confirmed_at").asc(nulls_last=True), "pk")
    found = oldest.values_list("pk", flat=True).first() or NOBODY
    kind = NoticeLimit.Kind.CONFIRMATION
    may = NoticeLimit.objects.take(address.key, kind, waits=WAITS, at=at)
    due = Subscriber.objects.filter(pk=found if may else NOBODY)
    due.update(confirmation_requested_at=at, confirmation_due_at=at)
    return found
