"""Entering readers for whom somebody else asks: a list, or an editor who adds one.

Who is suppressed, has left or was erased does not come back by it. They may be asked to confirm,
by the mail that signing up brings; what that mail's limits keep from being mailed is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction

from foundation import bulk_rows
from publications.models import Bulletin, Topic
from subscribers import confirmation_mail, signing_up
from subscribers.erased_addresses import erased
from subscribers.importing.values import Outcome, Wanted
from subscribers.models import SignUpRequest, Subscriber, Subscription, Suppression
from subscribers.models.subscription import SubscriptionSource

STATE = ("name", "unit", "language", "format", "length", "cadence", "time_zone")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms for all who are entered at once: the words for where their consent comes from,
    what is taken where the list says nothing, and whether known readers get what is missing."""

    consent: str
    language: str
    topics: tuple[int, ...]
    source: SubscriptionSource = SubscriptionSource.IMPORT
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The outcome for an address; of a reader who was changed, what was before and what was set."""

    key: str
    outcome: Outcome
    subscriber: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def enter(
    bulletin: Bulletin, wanted: Sequence[Wanted], terms: Terms, *, at: datetime
) -> list[Entered]:
    """Make readers of all who may be ones, from `at`, without asking them. Each address is in
    `wanted` once. A fixed number of statements, whose locks are taken in the order of the addresses
    so that two lists at once wait for each other. Raises IntegrityError where one of them signed
    up at this moment: to be done again."""
    wanted = sorted(wanted, key=lambda each: each.address.key)
    known = _known(bulletin, wanted)
    held = _held(wanted)
    fresh: list[Wanted] = []
    found: list[Entered] = []
    confirming: list[tuple[Subscriber, Wanted]] = []
    for each in wanted:
        key, reader = each.address.key, known.get(each.address.key)
        if key in held:
            found.append(Entered(key, held[key], reader.pk if reader else None))
        elif reader is None:
            fresh.append(each)
        elif reader.unsubscribed_at is not None:
            found.append(Entered(key, Outcome.LEFT, reader.pk))
        elif reader.confirmed_at is None:
            confirming.append((reader, each))
        elif not terms.complete:
            found.append(Entered(key, Outcome.KNOWN, reader.pk))
    if terms.complete:
        reading = [
            (known[each.address.key], each) for each in wanted if _is_open(each, known, held)
        ]
        found += _completed(reading, terms, at=at)
    return [
        *found,
        *_made(bulletin, fresh, terms, at=at),
        *_confirmed(confirming, terms, at=at),
    ]


@transaction.atomic
def ask(bulletin: Bulletin, wanted: Wanted, terms: Terms, *, at: datetime) -> Entered:
    """Have one be mailed a link to confirm, as if they had signed up, unless they are a reader or
    have been mailed one. Who left, or was erased, may so come back."""
    key = wanted.address.key
    reader = Subscriber.objects.filter(bulletin=bulletin, address_key=key).first()
    if reader is not None and reader.is_reading:
        return Entered(key, Outcome.KNOWN, reader.pk)
    if Suppression.objects.unlifted().filter(address_key=key).exists():
        return Entered(key, Outcome.SUPPRESSED, reader.pk if reader else None)
    if reader is not None and SignUpRequest.objects.pending(reader) is not None:
        return Entered(key, Outcome.WAITING, reader.pk)
    asked = signing_up.sign_up(
        bulletin,
        address=wanted.address,
        topics=Topic.objects.filter(pk__in=wanted.topics or terms.topics),
        language=wanted.language or terms.language,
        at=at,
        consent=terms.consent,
    )
    confirmation_mail.request(asked.pk, at=at)
    new = reader is None
    if new:
        Subscriber.objects.filter(pk=asked.pk).update(name=wanted.name, unit=wanted.unit)
    return Entered(key, Outcome.ASKED, asked.pk, made={"new": new})


def _known(bulletin: Bulletin, wanted: Iterable[Wanted]) -> dict[str, Subscriber]:
    keys = [each.address.key for each in wanted]
    rows = Subscriber.objects.select_for_update(of=("self",))
    rows = rows.filter(bulletin=bulletin, address_key__in=keys).order_by("address_key")
    return {reader.address_key: reader for reader in rows}


def _held(wanted: Iterable[Wanted]) -> dict[str, Outcome]:
    """Return the addresses that nobody may enter, and why."""
    keys = [each.address.key for each in wanted]
    held = Suppression.objects.unlifted().filter(address_key__in=keys)
    suppressed = dict.fromkeys(held.values_list("address_key", flat=True), Outcome.SUPPRESSED)
    return dict.fromkeys(erased(keys), Outcome.ERASED) | suppressed


def _is_open(wanted: Wanted, known: Mapping[str, Subscriber], held: Mapping[str, Outcome]) -> bool:
    reader = known.get(wanted.address.key)
    return reader is not None and reader.is_reading and wanted.address.key not in held


def _made(
    bulletin: Bulletin, wanted: Sequence[Wanted], terms: Terms, *, at: datetime
) -> Iterator[Entered]:
    states = [_new_state(each, terms) for each in wanted]
    keys = bulk_rows.insert_with_keys(
        Subscriber,
        ("bulletin_id", "address", "address_key", "signed_up_at", "confirmed_at", *STATE),
        [
            (bulletin.pk, each.address.text, each.address.key, at, at, *state.values())
            for each, state in zip(wanted, states, strict=True)
        ],
    )
    topics = [each.topics or terms.topics for each in wanted]
    _follow(zip(keys, topics, strict=True), terms, at=at)
    for each, pk, state, followed in zip(wanted, keys, states, topics, strict=True):
        made = state | {"topics": sorted(followed)}
        yield Entered(each.address.key, Outcome.NEW, pk, made=made)


def _confirmed(
    confirming: Sequence[tuple[Subscriber, Wanted]], terms: Terms, *, at: datetime
) -> Iterator[Entered]:
    """Make readers of those who had not confirmed what they asked for themselves."""
    by_pk = {reader.pk: reader for reader, _each in confirming}
    requests = {
        request.subscriber_id: request
        for request in SignUpRequest.objects.filter(subscriber__in=by_pk).prefetch_related("topics")
    }
    before = {pk: _before(reader, requests.get(pk)) for pk, reader in by_pk.items()}
    SignUpRequest.objects.filter(subscriber__in=by_pk).delete()
    for reader, each in confirming:
        reader.confirmed_at, reader.confirmation_due_at = at, None
        reader.name, reader.unit = reader.name or each.name, reader.unit or each.unit
        reader.language = each.language or terms.language
    Subscriber.objects.bulk_update(
        by_pk.values(), ["confirmed_at", "confirmation_due_at", "name", "unit", "language"]
    )
    topics = {reader.pk: each.topics or terms.topics for reader, each in confirming}
    _follow(topics.items(), terms, at=at)
    for reader, _each in confirming:
        made = _state(reader) | {"topics": sorted(topics[reader.pk])}
        yield Entered(
            reader.address_key, Outcome.CONFIRMED, reader.pk, before[reader.pk], made=made
        )


def _completed(
    reading: Sequence[tuple[Subscriber, Wanted]], terms: Terms, *, at: datetime
) -> Iterator[Entered]:
    """Give readers the name that they lack and topics that they never followed: what they ended
    stays ended."""
    had: dict[int, set[int]] = {reader.pk: set() for reader, _each in reading}
    rows = Subscription.objects.filter(subscriber__in=had)
    for subscriber_id, topic_id in rows.values_list("subscriber_id", "topic_id"):
        had[subscriber_id].add(topic_id)
    changed, topics, made = [], {}, {}
    for reader, each in reading:
        topics[reader.pk] = [pk for pk in each.topics if pk not in had[reader.pk]]
        missing = {
            name: value
            for name, value in (("name", each.name), ("unit", each.unit))
            if value and not getattr(reader, name)
        }
        if missing:
            changed.append(reader)
            for name, value in missing.items():
                setattr(reader, name, value)
        made[reader.pk] = missing | ({"topics": topics[reader.pk]} if topics[reader.pk] else {})
    Subscriber.objects.bulk_update(changed, ["name", "unit"])
    _follow(topics.items(), terms, at=at)
    for reader, _each in reading:
        outcome = Outcome.UPDATED if made[reader.pk] else Outcome.KNOWN
        yield Entered(reader.address_key, outcome, reader.pk, made=made[reader.pk])


def _follow(topics: Iterable[tuple[int, Iterable[int]]], terms: Terms, *, at: datetime) -> None:
    bulk_rows.insert(
        Subscription,
        ("subscriber_id", "topic_id", "started_at", "source", "ended_reason", "consent"),
        (
            (subscriber_id, topic_id, at, terms.source.value, "", terms.consent)
            for subscriber_id, followed in topics
            for topic_id in followed
        ),
    )


def _new_state(wanted: Wanted, terms: Terms) -> dict[str, str]:
    """Return what a new reader could have chosen, in the order of STATE."""
    language = wanted.language or terms.language
    return _unchosen() | {"name": wanted.name, "unit": wanted.unit, "language": language}


@cache
def _unchosen() -> dict[str, str]:
    return _state(Subscriber())


def _state(reader: Subscriber) -> dict[str, str]:
    """Return what a reader can change of their own row."""
    return {name: getattr(reader, name) for name in STATE}


def _before(reader: Subscriber, request: SignUpRequest | None) -> dict[str, Any]:
    """Return what undoing needs of somebody who had not confirmed."""
    row: dict[str, Any] = {"name": reader.name, "unit": reader.unit, "language": reader.language}
    if request is not None:
        row["request"] = {
            "address": request.address,
            "language": request.language,
            "consent": request.consent,
            "requested_at": request.requested_at.isoformat(),
            "topics": [topic.pk for topic in request.topics.all()],
        }
    return row
