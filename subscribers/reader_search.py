"""Finding readers by a part of their address or name, also among a million of them.

PostgreSQL answers both from indexes (the migration `reader_search`): addresses by their
trigrams, where its extension pg_trgm may be used, names by their characters, because two of them
are a Chinese name and no trigram. Elsewhere, and for a part of an address that is shorter than a
trigram, all are read until enough are found.
"""

from __future__ import annotations

from functools import reduce

from django.db import connection, transaction
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from mail.messages.headers import ascii_domain
from subscribers.models import Subscriber
from subscribers.models.subscriber import SubscriberQuerySet

MAX_WORDS = 5
_TRIGRAM = 3
_HAS_CHARACTERS = "string_to_array(upper(subscribers_subscriber.name), NULL) @> %s::text[]"


def found(term: str, *, most: int, by_address: bool = True) -> list[int]:
    """Return the ids of readers whose address, or whose name, has all words of `term` in it; `most`
    of each at most. Two queries."""
    words = term.split()[:MAX_WORDS]
    if not words:
        return []
    named = _first(_named(words), most=most)
    if not by_address:
        return named
    with transaction.atomic():
        if max(map(len, words)) >= _TRIGRAM:
            _prefer_indexes()
        addressed = _first(_addressed(words), most=most)
    return list(dict.fromkeys([*addressed, *named]))


def _addressed(words: list[str]) -> SubscriberQuerySet:
    parts = [ascii_domain(word) if "@" in word else word for word in words]
    return Subscriber.objects.filter(reduce(Q.__and__, (Q(address__icontains=p) for p in parts)))


def _named(words: list[str]) -> SubscriberQuerySet:
    readers = Subscriber.objects.filter(
        reduce(Q.__and__, (Q(name__icontains=word) for word in words))
    )
    if connection.vendor != "postgresql":
        return readers
    characters = sorted(set("".join(words).upper()))
    has = RawSQL(_HAS_CHARACTERS, [characters], output_field=BooleanField())  # noqa: S611 - our words
    return readers.filter(has)


def _first(readers: SubscriberQuerySet, *, most: int) -> list[int]:
    return list(readers.order_by().values_list("pk", flat=True)[:most])


def _prefer_indexes() -> None:
    """Have PostgreSQL take the index of addresses: because of the LIMIT it may think that it comes
    upon enough of them sooner by reading, which is wrong where there are none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
