"""Finding readers by a part of their address or name, also among a million of them.

PostgreSQL answers both from indexes (the migration `reader_search`): addresses by their
trigrams, where its extension pg_trgm may be used, names by their characters, because two of them
are a Chinese name and no trigram. Elsewhere, and for a part of an address that is shorter than a
trigram, all are read until enough are found. So they are, too, for what many have: an index would
first collect all of them.
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
_SAMPLE = 2_000
_HAS_CHARACTERS = "string_to_array(upper(subscribers_subscriber.name), NULL) @> %s::text[]"


def found(term: str, *, most: int, addresses_of: frozenset[int] | None = None) -> list[int]:
    """Return the ids of readers whose address, or whose name, has all words of `term` in it; `most`
    of each at most. Addresses are searched of readers of the bulletins `addresses_of`, None for
    all. Four queries at most."""
    words = term.split()[:MAX_WORDS]
    if not words:
        return []
    named = _first(_named(words), most=most)
    if addresses_of is not None and not addresses_of:
        return named
    readers = _addressed(words, addresses_of)
    with transaction.atomic():
        if max(map(len, words)) >= _TRIGRAM and not _is_common(readers):
            _prefer_indexes()
        addressed = _first(readers, most=most)
    return list(dict.fromkeys([*addressed, *named]))


def _addressed(words: list[str], bulletins: frozenset[int] | None) -> SubscriberQuerySet:
    parts = [ascii_domain(word) if "@" in word else word for word in words]
    if not all(map(str.isascii, parts)):
        return Subscriber.objects.none()  # addresses are of ASCII letters (subscribers.addresses)
    found = Subscriber.objects.filter(reduce(Q.__and__, (Q(address__icontains=p) for p in parts)))
    return found if bulletins is None else found.filter(bulletin__in=bulletins)


def _named(words: list[str]) -> SubscriberQuerySet:
    readers = Subscriber.objects.filter(
        reduce(Q.__and__, (Q(name__icontains=word) for word in words))
    )
    if connection.vendor != "postgresql" or _is_common(readers):
        return readers
    characters = sorted(set("".join(words).upper()))
    has = RawSQL(_HAS_CHARACTERS, [characters], output_field=BooleanField())  # noqa: S611 - our words
    return readers.filter(has)


def _is_common(readers: SubscriberQuerySet) -> bool:
    """Return whether one in twenty of the latest readers is among `readers`."""
    latest = Subscriber.objects.order_by("-pk").values("pk")[:_SAMPLE]
    return readers.filter(pk__in=latest).order_by()[: _SAMPLE // 20].count() == _SAMPLE // 20


def _first(readers: SubscriberQuerySet, *, most: int) -> list[int]:
    return list(readers.order_by().values_list("pk", flat=True)[:most])


def _prefer_indexes() -> None:
    """Have PostgreSQL take the index of addresses: because of the LIMIT it may think that it comes
    upon enough of them sooner by reading, which is wrong where there are none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
