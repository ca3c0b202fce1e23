"""Erasing a reader, and knowing again whose address was erased, without keeping it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from foundation.signing import Mac
from subscribers.models import ErasedAddress, ImportRow, Subscriber, UnsubscribeReason

USE = "erased address"
erasing = Signal()  # of a `reader` who is about to go: rooms above take their address out of theirs

log = logging.getLogger(__name__)


@transaction.atomic
def erase(subscriber_id: int, *, at: datetime) -> bool:
    """Erase a reader of one bulletin with all that they chose, and what lists that wait say of
    them. Returns False where there is nobody. Suppressions stay: they are what keeps an address
    from being mailed; and so does why they unsubscribed, without their words."""
    reader = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if reader is None:
        return False
    ImportRow.objects.filter(address_key=reader.address_key).delete()
    _forget(reader, at=at)
    return True


@transaction.atomic
def forget(subscriber_id: int, *, of: QuerySet[Subscriber], at: datetime) -> bool:
    """Erase a reader who is still among those `of` whom nothing more is to be known. Returns False
    where they are not. A list that waits keeps its row of them: it asks them to confirm."""
    reader = of.select_for_update(of=("self",)).filter(pk=subscriber_id).first()
    if reader is None:
        return False
    _forget(reader, at=at)
    return True


def _forget(reader: Subscriber, *, at: datetime) -> None:
    """Delete the row, and keep the mark of its address."""
    key, mark = reader.pk, _marks(reader.address_key)[0]
    ErasedAddress.objects.bulk_create(
        [ErasedAddress(mark=mark, erased_at=at)], ignore_conflicts=True
    )
    UnsubscribeReason.objects.filter(subscriber=reader).update(words="")
    erasing.send(Subscriber, reader=reader)
    reader.delete()
    log.info("erased subscriber=%s", key)


def erased(address_keys: Iterable[str]) -> set[str]:
    """Return those of the addresses whose owner had a reader erased. One query."""
    by_mark = {mark: key for key in address_keys for mark in _marks(key)}
    found = ErasedAddress.objects.filter(mark__in=by_mark).values_list("mark", flat=True)
    return {by_mark[mark] for mark in found}


def _marks(address_key: str) -> list[str]:
    return [code.hex() for code in Mac(USE, size=32).codes(address_key.encode())]
