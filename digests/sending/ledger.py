"""Bringing the table up to what happened, many deliveries at a time."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from digests.models import Delivery
from digests.models.delivery import DeliveryStatus, SkipReason
from mail.delivery import Accepted, Outcome, Rejected, ServerUnreachable, Uncertain

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
MOST_ATTEMPTS = 13  # about four hours, by the waits above

_TOLD = {
    "postgresql": """SELECT (row->>0)::bigint AS id, row->>1 AS answer
        FROM jsonb_array_elements(%s::jsonb) AS row""",
    "sqlite": """SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS answer
        FROM json_each(%s)""",
}


class Change(NamedTuple):
    """What becomes of some deliveries, after so many more `attempts`. Those with `due_at` wait
    until then."""

    status: str
    reason: str = ""
    due_at: datetime | None = None
    attempts: int = 1
    resent: bool = False


_FINAL = {
    Accepted: Change(DeliveryStatus.SENT),
    Rejected: Change(DeliveryStatus.FAILED),
    Uncertain: Change(DeliveryStatus.UNCERTAIN),
}
_PARKED = Change(DeliveryStatus.FAILED, SkipReason.EXPIRED)
_BEFORE = ("pk", "attempts", "resent")


def settle(outcomes: Sequence[tuple[int, Outcome]], *, at: datetime) -> None:
    """Write down what the mail server said about deliveries, by their ids. Those that are to be
    tried again wait longer with each attempt.

    Those that were settled otherwise meanwhile keep what they have; uncertain ones, too, unless
    it is final. One UPDATE for each kind of outcome; for those that have to wait one query more,
    and one UPDATE for each number of attempts.
    """
    by_kind: dict[type[Outcome], list[tuple[int, str]]] = defaultdict(list)
    for pk, outcome in outcomes:
        by_kind[type(outcome)].append((pk, outcome.said))
    for kind, told in by_kind.items():
        if change := _final(kind):
            _update(change, told, at=at)
        else:
            _try_again(kind, told, at=at)


def mark_uncertain(deliveries: Iterable[int], *, at: datetime) -> None:
    """Write down that nobody knows whether these were taken over, as the policy wants it."""
    settle([(pk, Uncertain("")) for pk in deliveries], at=at)


def skip(deliveries: Iterable[tuple[int, str]], *, at: datetime) -> None:
    """Write down that these are not sent, with the reason of each. One UPDATE for each reason."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for pk, reason in deliveries:
        by_reason[reason].append(pk)
    for reason, ids in by_reason.items():
        Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.QUEUED).update(
            status=DeliveryStatus.SKIPPED, reason=reason, settled_at=at
        )


def expire(deliveries: Sequence[int], *, said: str, at: datetime) -> None:
    """Write down that these are given up: nothing was taken for hours, as it was `said`."""
    _update(_PARKED, [(pk, said) for pk in deliveries], at=at)


def defer(deliveries: Sequence[int], *, until: datetime, said: str = "") -> None:
    """Write down that these wait for their turn `until` then, because of what others of their
    provider were `said`, if so. One UPDATE."""
    waiting = Delivery.objects.filter(pk__in=deliveries, status=DeliveryStatus.QUEUED)
    waiting.update(due_at=until, reason=SkipReason.PACED, answer=said)


def _final(kind: type[Outcome]) -> Change | None:
    """What an outcome of that kind means; None for one after which it is tried again."""
    if kind is Uncertain and settings.SEND_UNCERTAIN != "hold":
        return None
    return _FINAL.get(kind)


def _try_again(kind: type[Outcome], told: Sequence[tuple[int, str]], *, at: datetime) -> None:
    """Have these wait. After hours they are parked, unless no server was there to refuse; what
    is uncertain is sent again once."""
    rows = Delivery.objects.filter(pk__in=[pk for pk, _ in told])
    known = {pk: (number, resent) for pk, number, resent in rows.values_list(*_BEFORE)}
    waits = {number: at + wait(number) for number in {0, *(number for number, _ in known.values())}}
    groups: dict[Change, list[tuple[int, str]]] = defaultdict(list)
    for pk, said in told:
        number, resent = known.get(pk, (0, False))
        groups[_again(kind, number, resent=resent, due_at=waits[number])].append((pk, said))
    for change, some in groups.items():
        _update(change, some, at=at)


def _again(kind: type[Outcome], number: int, *, resent: bool, due_at: datetime) -> Change:
    """What becomes of a delivery that was tried `number` times before."""
    if kind is ServerUnreachable:
        return Change(DeliveryStatus.QUEUED, due_at=due_at, attempts=0)
    if kind is Uncertain:
        again = Change(DeliveryStatus.QUEUED, due_at=due_at, resent=True)
        return _FINAL[Uncertain] if resent else again
    return _PARKED if number + 1 >= MOST_ATTEMPTS else Change(DeliveryStatus.QUEUED, due_at=due_at)


def wait(attempts: int) -> timedelta:
    """How long to wait after that many earlier attempts: doubling, with jitter, to half an hour."""
    longest = min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)


def _update(change: Change, told: Sequence[tuple[int, str]], *, at: datetime) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    sql = f"""
        UPDATE digests_delivery
        SET status = %s, reason = %s, answer = told.answer, attempts = attempts + %s,
            due_at = COALESCE(%s, due_at), settled_at = %s, resent = resent OR %s
        FROM ({_TOLD[connection.vendor]}) AS told
        WHERE digests_delivery.id = told.id AND status IN (%s, %s)"""  # noqa: S608 - our words
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                change.status,
                change.reason,
                change.attempts,
                adapt(change.due_at),
                None if change.due_at else adapt(at),
                change.resent,
                json.dumps(told),
                DeliveryStatus.QUEUED.value,
                (DeliveryStatus.QUEUED if change.due_at else DeliveryStatus.UNCERTAIN).value,
            ],
        )
