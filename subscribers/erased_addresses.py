"""Erasing a reader, and knowing again whose address was erased, without keeping it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from foundation.signing import Mac
from subscribers.models import ErasedAddress, ImportRow, Subscriber

USE = "erased address"

log = logging.getLogger(__name__)


@transaction.atomic
def erase(subscriber_id: int, *, at: datetime) -> bool:
    """Erase a reader of one bulletin with all that they chose, and what lists that wait say of
    them. Returns False where there is nobody. Suppressions stay: they are what keeps an address
    from being mailed."""
    reader = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if reader is None:
        return False
    ErasedAddress.objects.bulk_create(
        [ErasedAddress(mark=_marks(reader.address_key)[0], erased_at=at)], ignore_conflicts=True
    )
    ImportRow.objects.filter(address_key=reader.address_key).delete()
    reader.delete()
    log.info("erased subscriber=%s", subscriber_id)
    return True


def erased(address_keys: Iterable[str]) -> set[str]:
    """Return those of the addresses whose owner had a reader erased. One query."""
    by_mark = {mark: key for key in address_keys for mark in _marks(key)}
    found = ErasedAddress.objects.filter(mark__in=by_mark).values_list("mark", flat=True)
    return {by_mark[mark] for mark in found}


def _marks(address_key: str) -> list[str]:
    return [code.hex() for code in Mac(USE, size=32).codes(address_key.encode())]
