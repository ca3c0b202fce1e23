"""The one writer of `Delivery.status`: the transitions that there are, many deliveries at a time.

Each transition is an UPDATE that asks for the statuses from which it is allowed
(`digests.sending.transitions`). Where it is refused, nothing changes: each function returns how
many deliveries it changed.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import backoff, pending
from digests.sending.transitions import (
    ACCEPT,
    CONFIRM_SENT,
    DEFER,
    EXPIRE,
    MARK_UNCERTAIN,
    REJECT,
    REQUEUE,
    RESEND,
    SKIP,
    Transition,
)
from mail.delivery import Accepted, Outcome, Rejected, ServerUnreachable, Uncertain

logger = logging.getLogger(__name__)

MAX_RESENDS = 3  # of one delivery, however it fares


class _Change(NamedTuple):
    """The change that some deliveries undergo, after so many more `attempts`. Those with `due_at`
    wait until then."""

    transition: Transition
    reason: str = ""
    due_at: datetime | None = None
    attempts: int = 1
    resent: bool = False


_Responses = Sequence[tuple[int, str]]  # the ids of deliveries, and what the mail server said

_FINAL = {
    Accepted: _Change(ACCEPT),
    Rejected: _Change(REJECT),
    Uncertain: _Change(MARK_UNCERTAIN),
}
_EXPIRED = _Change(EXPIRE, SkipReason.EXPIRED)
_RESPONSES_SQL = {
    "postgresql": """SELECT (row->>0)::bigint AS id, row->>1 AS smtp_response
        FROM jsonb_array_elements(%s::jsonb) AS row""",
    "sqlite": """SELECT json_extract(value, '$[0]') AS id,
            json_extract(value, '$[1]') AS smtp_response
        FROM json_each(%s)""",
}


def new_delivery(
    digest: Digest,
    subscriber_id: int | None,
    *,
    edition_id: int | None,
    excluded: str = "",
    corrects: int | None = None,
) -> Delivery:
    """A delivery that waits to be sent, or is excluded for that reason; not stored."""
    return Delivery(
        digest=digest,
        subscriber_id=subscriber_id,
        edition_id=None if excluded else edition_id,
        status=DeliveryStatus.EXCLUDED if excluded else DeliveryStatus.QUEUED,
        reason=excluded,
        due_at=digest.opened_at,
        corrects=corrects,
    )


def settle(outcomes: Sequence[tuple[int, Outcome]], *, at: datetime) -> int:
    """Write down the outcomes of deliveries, by their ids. Returns how many were changed.

    Those that are to be tried again wait longer with each attempt. Those that were settled
    otherwise meanwhile keep what they have; uncertain ones, too, unless the outcome is final. One
    UPDATE for each kind of outcome; for those that have to wait one query more, and one UPDATE
    for each number of attempts.
    """
    by_kind: dict[type[Outcome], list[tuple[int, str]]] = defaultdict(list)
    for pk, outcome in outcomes:
        by_kind[type(outcome)].append((pk, outcome.smtp_response))
    changed = 0
    for kind, responses in by_kind.items():
        if change := _final(kind):
            changed += _update(change, responses, at=at)
        else:
            changed += _retry(kind, responses, at=at)
    if changed < len(outcomes):
        logger.warning("%s of %s outcomes came too late", len(outcomes) - changed, len(outcomes))
    return changed


def mark_uncertain(deliveries: Iterable[int], *, at: datetime) -> int:
    """Write down that it is unknown whether these were accepted, as SEND_UNCERTAIN wants it.
    Returns how many were changed."""
    return settle([(pk, Uncertain("")) for pk in deliveries], at=at)


def skip(deliveries: Iterable[tuple[int, str]], *, at: datetime) -> int:
    """Skip these, each with its reason. Returns how many were. One UPDATE for each reason."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for pk, reason in deliveries:
        by_reason[reason].append(pk)
    return sum(
        skip_all(Delivery.objects.filter(pk__in=ids), reason=reason, at=at)
        for reason, ids in by_reason.items()
    )


def skip_all(deliveries: QuerySet[Delivery], *, reason: str, at: datetime) -> int:
    """Skip those of `deliveries` that wait. Returns how many did. One UPDATE, and a statement that
    keeps pending what they held, for a reason that passes; of what was cancelled, what they held
    beside the digest's own issue."""
    with transaction.atomic(savepoint=False):
        waiting = _allowed(SKIP, deliveries)
        if reason in pending.KEPT or reason == SkipReason.CANCELLED:
            # Locked, so that what is kept here is what is skipped next.
            locked = waiting.select_for_update(of=("self",))
            pending.keep(locked, carried_only=reason == SkipReason.CANCELLED)
        return waiting.update(status=SKIP.to, reason=reason, settled_at=at)


def expire(deliveries: Sequence[int], *, smtp_response: str, at: datetime) -> int:
    """Give these up: their provider took no mail for hours. Returns how many were changed."""
    return _update(_EXPIRED, [(pk, smtp_response) for pk in deliveries], at=at)


def defer(deliveries: Sequence[int], *, until: datetime, smtp_response: str = "") -> int:
    """Have these wait for the rate limit or circuit breaker of their provider, which said
    `smtp_response` to others. Returns how many wait. One UPDATE."""
    waiting = _allowed(DEFER, Delivery.objects.filter(pk__in=deliveries))
    return waiting.update(due_at=until, reason=SkipReason.RATE_LIMITED, smtp_response=smtp_response)


def hasten(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Have those of `deliveries` that wait be due at `at`. Returns how many do. One UPDATE."""
    return deliveries.filter(status=DeliveryStatus.QUEUED).update(due_at=at)


def confirm_sent(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Settle those of `deliveries` that are uncertain as sent. Returns how many were. One
    UPDATE."""
    return _allowed(CONFIRM_SENT, deliveries).update(status=CONFIRM_SENT.to, settled_at=at)


def requeue(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Have those of `deliveries` that are uncertain sent again. Returns how many were. One
    UPDATE."""
    return _allowed(REQUEUE, deliveries).update(status=REQUEUE.to, due_at=at, settled_at=None)


def resend(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Have those of `deliveries` that are settled sent again, as if for the first time, up to
    MAX_RESENDS times each. Returns how many are. One UPDATE, and a statement that has nothing be
    pending that they tell of."""
    again = _allowed(RESEND, deliveries).filter(resends__lt=MAX_RESENDS)
    with transaction.atomic(savepoint=False):
        pending.drop(again)
        return again.update(
            status=RESEND.to,
            reason="",
            attempts=0,
            due_at=at,
            settled_at=None,
            resends=F("resends") + 1,
        )


def _allowed(transition: Transition, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return deliveries.filter(status__in=transition.allowed_from)


def _final(kind: type[Outcome]) -> _Change | None:
    """Return what an outcome of that kind means; None for one after which it is tried again."""
    if kind is Uncertain and settings.SEND_UNCERTAIN != "hold":
        return None
    return _FINAL.get(kind)


def _retry(kind: type[Outcome], responses: _Responses, *, at: datetime) -> int:
    """Have these wait. After hours they expire, unless no server could be reached; what is
    uncertain is sent again once."""
    rows = Delivery.objects.filter(pk__in=[pk for pk, _ in responses])
    before = rows.values_list("pk", "attempts", "resent")
    known = {pk: (attempts, resent) for pk, attempts, resent in before}
    numbers = {0, *(attempts for attempts, _ in known.values())}
    waits = {number: at + backoff.wait(number) for number in numbers}
    groups: dict[_Change, list[tuple[int, str]]] = defaultdict(list)
    for pk, smtp_response in responses:
        attempts, resent = known.get(pk, (0, False))
        change = _next_try(kind, attempts, resent=resent, due_at=waits[attempts])
        groups[change].append((pk, smtp_response))
    return sum(_update(change, some, at=at) for change, some in groups.items())


def _next_try(kind: type[Outcome], attempts: int, *, resent: bool, due_at: datetime) -> _Change:
    """Return what becomes of a delivery that had so many `attempts` before."""
    if kind is ServerUnreachable:
        return _Change(DEFER, due_at=due_at, attempts=0)
    if kind is Uncertain:
        return _FINAL[Uncertain] if resent else _Change(DEFER, due_at=due_at, resent=True)
    return _EXPIRED if attempts + 1 >= backoff.MAX_ATTEMPTS else _Change(DEFER, due_at=due_at)


def _update(change: _Change, responses: _Responses, *, at: datetime) -> int:
    adapt = connection.ops.adapt_datetimefield_value
    to, allowed_from = change.transition
    fails = to is DeliveryStatus.FAILED
    sql = f"""
        UPDATE digests_delivery
        SET status = %s, reason = %s, smtp_response = outcome.smtp_response,
            attempts = attempts + %s, due_at = COALESCE(%s, due_at), settled_at = %s,
            resent = resent OR %s
        FROM ({_RESPONSES_SQL[connection.vendor]}) AS outcome
        WHERE digests_delivery.id = outcome.id AND status IN (%s, %s)
        {"RETURNING digests_delivery.id" if fails else ""}"""  # noqa: S608 - our words
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                to.value,
                change.reason,
                change.attempts,
                adapt(change.due_at),
                None if change.due_at else adapt(at),
                change.resent,
                json.dumps(responses),
                allowed_from[0].value,
                allowed_from[-1].value,
            ],
        )
        if not fails:
            return int(cursor.rowcount)
        failed = [pk for (pk,) in cursor.fetchall()]
        pending.keep_of(failed)
        return len(failed)
