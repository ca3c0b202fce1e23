"""The progress of a digest, and what became of its readers, in figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.db.models import Count

from digests import monitoring, sending, settling_rate
from digests.models import Delivery, Digest, Feedback
from digests.monitoring import Checks
from digests.sending import Counts

MAX_KEYS = 100


class State(IntEnum):
    """The state of a digest: whether somebody has to look; also the exit code of
    `digest_status`."""

    FINISHED = 0
    UNDER_WAY = 3
    UNDECIDED = 4  # for some nobody knows whether their mail arrived: finished, or restored
    STUCK = 5  # it cannot be made, or the accounting does not hold
    STANDING_STILL = 6  # nothing is sent, and somebody could do something about it


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a digest at one moment.

    `rate` is deliveries settled per second, in the last minute and without a pause before; of what
    is finished, since it was prepared. `seconds_left` is what that makes of those that wait. Both
    are None where nothing was settled, and while it is paused. `standstill` says why nothing is
    sent; it is empty where that goes on.
    """

    digest: int
    state: State
    counts: Counts
    rate: float | None
    seconds_left: float | None
    standstill: Checks


@dataclass(frozen=True, slots=True)
class Report(Progress):
    """The progress of a digest, and why. `reasons` say why readers were excluded or skipped, or
    wait for their turn, `smtp_responses` what the mail server said to those that failed, the most
    frequent ones, `feedback` what came back. Deliveries stand for readers; no address is here."""

    reasons: dict[str, int]
    smtp_responses: dict[str, int]
    feedback: dict[str, int]
    uncertain: list[int]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values; the state by its name."""
        named = {"state": self.state.name.lower(), "balanced": self.counts.balanced}
        return asdict(self) | named


def progress(digest: Digest, *, at: datetime) -> Progress:
    """Return how far `digest` is at `at`: five queries of its batches and of what workers have in
    hand, whatever its readers; four more and a round trip to Redis while it is under way."""
    counts = sending.count(digest)
    state = state_of(digest, counts)
    is_sending = state is State.UNDER_WAY
    standstill = monitoring.standstill(digest, at=at) if is_sending else {}
    rate = settling_rate.per_second(digest, counts, at=at)
    left = counts.waiting / rate if rate else None
    state = State.STANDING_STILL if standstill else state
    return Progress(digest.pk, state, counts, rate, left, standstill)


def report(digest: Digest, *, at: datetime) -> Report:
    """The figures of `digest` at `at`: five queries beside those of `progress`, of which three read
    deliveries while it is under way, and one what came back."""
    far = progress(digest, at=at)
    reasons, smtp_responses = sending.reasons(digest)
    uncertain = Delivery.objects.uncertain_in(digest).order_by("pk").values_list("pk", flat=True)
    came_back = Feedback.objects.filter(delivery__digest=digest).order_by().values_list("kind")
    return Report(
        digest.pk,
        far.state,
        far.counts,
        far.rate,
        far.seconds_left,
        far.standstill,
        reasons=reasons,
        smtp_responses=smtp_responses,
        feedback=dict(came_back.annotate(number=Count("pk")).order_by("-number", "kind")),
        uncertain=list(uncertain[:MAX_KEYS]) if far.counts.uncertain else [],
    )


def state_of(digest: Digest, counts: Counts) -> State:
    """Return whether somebody has to look at the digest, as far as its own rows tell."""
    if digest.failure or (digest.prepared_at and not counts.balanced):
        return State.STUCK
    if restored(digest):
        return State.UNDECIDED
    if digest.finished_at is None:
        return State.UNDER_WAY
    return State.UNDECIDED if counts.uncertain else State.FINISHED


def restored(digest: Digest) -> bool:
    """Return whether it waits for a decision because the database came from a backup."""
    ended = digest.finished_at or digest.cancelled_at
    return digest.restored_at is not None and not ended


def is_wrong(digest: Digest, far: Progress) -> bool:
    """Return whether somebody has to do something before it can go on."""
    return far.state in {State.STUCK, State.STANDING_STILL} or restored(digest)
