"""Readers of one bulletin who are one person by the spelling of their addresses: Gmail ignores dots
and what stands behind a plus, and no large mail server knows case. They are shown, and merged by
nobody but themselves: what looks like one may be two."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from subscribers.models import Subscriber
from subscribers.models.notice_limit import GMAIL

MAX_GROUPS = 200  # that are shown


@dataclass(frozen=True, slots=True)
class Group:
    """Readers whose addresses are spellings of one, the oldest first."""

    spelling: str
    readers: tuple[Subscriber, ...]


def spelling_of(address: str) -> str:
    """Return what all spellings of an address share."""
    local, _at, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    if domain in GMAIL:
        return f"{local.partition('+')[0].replace('.', '')}@{GMAIL[0]}"
    return f"{local}@{domain}"


def groups() -> list[Group]:
    """Return the groups of all bulletins, MAX_GROUPS at most. Two queries; the first goes through
    the addresses that have spellings, the second loads who is shown."""
    by_spelling: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, bulletin, key in _with_spellings().iterator(5_000):
        by_spelling[bulletin, spelling_of(key)].append(pk)
    found = [item for item in by_spelling.items() if len(item[1]) > 1][:MAX_GROUPS]
    wanted = [pk for _key, pks in found for pk in pks]
    readers = Subscriber.objects.select_related("bulletin").in_bulk(wanted)
    return [
        Group(spelling, tuple(sorted((readers[pk] for pk in pks), key=lambda one: one.pk)))
        for (_bulletin, spelling), pks in found
    ]


def _with_spellings() -> QuerySet[Subscriber, tuple[int, int, str]]:
    """Return primary key, bulletin and address of who reads and may have another spelling."""
    gmail = Q()
    for domain in GMAIL:
        gmail |= Q(address_key__endswith=f"@{domain}")
    written_otherwise = ~Q(address_key=Lower("address_key"))
    readers = Subscriber.objects.confirmed().filter(gmail | written_otherwise)
    return readers.order_by().values_list("pk", "bulletin_id", "address_key")
