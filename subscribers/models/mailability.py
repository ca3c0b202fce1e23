"""The one expression for whether a reader may be mailed, and if not, why; for audience, sending and
pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

from subscribers.models.suppression import Suppression


class NotMailable(StrEnum):
    """The reason why a reader must not be mailed."""

    LEFT = "left"  # or never confirmed, or forgotten
    SUPPRESSED = "suppressed"
    PAUSED = "paused"


def skip_reason(*, at: datetime, subscriber: str = "", further: Iterable[When] = ()) -> Case:
    """Return an expression for why a reader must not be mailed at `at`, "" where they may be.

    It is one of a row of subscribers, or of a row that has its reader under the name `subscriber`.
    The `further` reasons count where none of these holds.
    """
    prefix = subscriber and f"{subscriber}__"
    return Case(
        *(When(holds, then=Value(reason.value)) for reason, holds in _reasons(at, prefix)),
        *further,
        default=Value(""),
        output_field=CharField(),
    )


def may_be_mailed(*, at: datetime) -> Q:
    """Return the condition that no reason holds: the same as `skip_reason`, but one for which
    PostgreSQL takes indexes and joins."""
    condition = Q()
    for _reason, holds in _reasons(at, ""):
        condition &= Q(~holds)
    return condition


def suppressed(prefix: str = "") -> Exists:
    """Return the condition that the address must not be mailed."""
    held = Suppression.objects.current()
    return Exists(held.filter(address_key=OuterRef(f"{prefix}address_key")))


def paused(at: datetime, prefix: str = "") -> Q:
    """Return the condition that the reader has paused at `at`."""
    return Q(**{f"{prefix}paused_until__gt": at})


def _reasons(at: datetime, prefix: str) -> Iterator[tuple[NotMailable, Q | Exists]]:
    """Yield each reason, and when it holds; the first that holds is the one that is given."""
    never_confirmed = Q(**{f"{prefix}confirmed_at": None})
    left = Q(**{f"{prefix}unsubscribed_at__isnull": False})
    yield NotMailable.LEFT, never_confirmed | left
    yield NotMailable.SUPPRESSED, suppressed(prefix)
    yield NotMailable.PAUSED, paused(at, prefix)
