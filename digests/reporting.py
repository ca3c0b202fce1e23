"""How far a digest is, and what became of its readers, in figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil
from typing import Any

from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digests import alarms, monitoring, sending
from digests.models import Batch, Delivery, Digest, Feedback
from digests.monitoring import Checks
from digests.sending import Counts

MOST_KEYS = 100
LAST = timedelta(minutes=1)  # in which the rate is measured
LEAST = timedelta(seconds=5)  # results come in groups, at the latest after a second


class State(IntEnum):
    """Whether somebody has to look; also the exit code of `digest_status`."""

    FINISHED = 0
    UNDER_WAY = 3
    UNDECIDED = 4  # for some nobody knows whether their mail arrived: finished, or restored
    STUCK = 5  # it cannot be made, or the accounting does not hold
    STANDING_STILL = 6  # nothing is sent, and somebody could do something about it


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a digest is at one moment.

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
    """And why. `reasons` say why readers were excluded or skipped, or wait for their turn,
    `answers` what the mail server said to those that failed, the most frequent ones, `feedback`
    what came back. Deliveries stand for readers; no address is here.
    """

    reasons: dict[str, int]
    answers: dict[str, int]
    feedback: dict[str, int]
    uncertain: list[int]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values; the state by its name."""
        named = {"state": self.state.name.lower(), "balanced": self.counts.balanced}
        return asdict(self) | named


def progress(digest: Digest, *, at: datetime) -> Progress:
    """How far `digest` is at `at`: five queries of its batches and of what workers have in hand,
    whatever its readers; four more and a round trip to Redis while it is under way."""
    counts = sending.count(digest)
    state = state_of(digest, counts)
    is_sending = state is State.UNDER_WAY
    standstill = monitoring.standstill(digest, at=at) if is_sending else {}
    rate = _rate(digest, counts, at=at)
    left = counts.waiting / rate if rate else None
    state = State.STANDING_STILL if standstill else state
    return Progress(digest.pk, state, counts, rate, left, standstill)


def report(digest: Digest, *, at: datetime) -> Report:
    """The figures of `digest` at `at`: five queries beside those of `progress`, of which three read
    deliveries while it is under way, and one what came back."""
    far = progress(digest, at=at)
    reasons, answers = sending.reasons(digest)
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
        answers=answers,
        feedback=dict(came_back.annotate(number=Count("pk")).order_by("-number", "kind")),
        uncertain=list(uncertain[:MOST_KEYS]) if far.counts.uncertain else [],
    )


def state_of(digest: Digest, counts: Counts) -> State:
    """Whether somebody has to look at the digest, as far as its own rows tell."""
    if digest.failure or (digest.prepared_at and not counts.balanced):
        return State.STUCK
    if restored(digest):
        return State.UNDECIDED
    if digest.finished_at is None:
        return State.UNDER_WAY
    return State.UNDECIDED if counts.uncertain else State.FINISHED


def restored(digest: Digest) -> bool:
    """Whether it waits for a decision because the database came from a backup."""
    ended = digest.finished_at or digest.cancelled_at
    return digest.restored_at is not None and not ended


def is_wrong(digest: Digest, far: Progress) -> bool:
    """Whether somebody has to do something before it can go on."""
    return far.state in {State.STUCK, State.STANDING_STILL} or restored(digest)


def in_a_word(digest: Digest) -> str:
    """The state of a digest as far as its own row tells."""
    for stamped, word in (
        (digest.failure, _("cannot be made")),
        (digest.cancelled_at, _("stopped for good")),
        (digest.finished_at, _("finished")),
        (digest.restored_at, _("restored, wants a decision")),
        (digest.paused_at, _("paused")),
    ):
        if stamped:
            return word
    return _("being mailed")


def sentence(digest: Digest, report: Progress) -> str:
    """The state in words."""
    match report.state:
        case State.STUCK if digest.failure:
            return _("The digest cannot be made: %(failure)s") % {"failure": digest.failure}
        case State.STUCK:
            return _("The accounting does not hold: some readers are not accounted for.")
        case State.FINISHED:
            return _finished(digest, report)
        case State.UNDECIDED:
            return _undecided(digest, report)
        case State.STANDING_STILL:
            return " ".join([_sending(digest, report), *alarms.sentences(report.standstill)])
    return _sending(digest, report)


def _undecided(digest: Digest, report: Progress) -> str:
    if not restored(digest):
        return _("Finished, but for some readers it is uncertain whether their mail arrived.")
    return ngettext(
        "Paused, because the database was restored from a backup. %(count)d reader waits in it "
        "who may have got the mail since; when it is resumed, that is a second copy.",
        "Paused, because the database was restored from a backup. %(count)d readers wait in it "
        "who may have got the mail since; when it is resumed, that is a second copy for each.",
        report.counts.waiting,
    ) % {"count": report.counts.waiting}


def _finished(digest: Digest, report: Progress) -> str:
    counts = report.counts
    if digest.cancelled_at is not None:
        return _("Stopped for good: %(sent)d of %(readers)d readers got it.") % {
            "sent": counts.sent,
            "readers": counts.candidates,
        }
    if counts.candidates == counts.excluded:
        return _("Finished: there was nobody to mail it to.")
    return _("Finished: every reader is accounted for.")


def _sending(digest: Digest, report: Progress) -> str:
    if digest.cancelled_at is not None:
        return _("Cancelled: what is in hand is finished, then nothing more is sent.")
    if digest.paused_at is not None:
        return _("Paused: nothing is sent until it is resumed.")
    if digest.prepared_at is None:
        return _("Working out who gets what.")
    done = {"settled": report.counts.settled, "readers": report.counts.candidates}
    if report.seconds_left is None:
        return _("%(settled)d of %(readers)d readers are done.") % done
    minutes = ceil(report.seconds_left / 60)
    said = ngettext(
        "%(settled)d of %(readers)d readers are done; about %(minutes)d minute is left.",
        "%(settled)d of %(readers)d readers are done; about %(minutes)d minutes are left.",
        minutes,
    )
    return said % (done | {"minutes": minutes})


def _rate(digest: Digest, counts: Counts, *, at: datetime) -> float | None:
    if digest.prepared_at is None:
        return None
    if digest.finished_at is not None:
        return _per_second(
            counts.settled - counts.excluded, digest.finished_at - digest.prepared_at
        )
    if digest.paused_at is not None:
        return None
    number, first = _lately(digest, since=at - LAST)
    if first is None:
        return None
    return _per_second(number, min(max(at - first, LEAST), at - digest.prepared_at))


def _lately(digest: Digest, *, since: datetime) -> tuple[int, datetime | None]:
    """How many were settled since then, and when the first of them: as the free batches say, and
    as the rows in the others do."""
    free = Batch.objects.filter(digest=digest, claim="", lately_to__gt=since)
    in_hand = Delivery.objects.claimed_in(digest).filter(settled_at__gt=since)
    given_back = free.aggregate(number=Sum("lately"), first=Min("lately_from"))
    settled = in_hand.aggregate(number=Count("pk"), first=Min("settled_at"))
    found = [each for each in (given_back, settled) if each["first"] is not None]
    first = min((each["first"] for each in found), default=None)
    return sum(each["number"] for each in found), first


def _per_second(number: int, time: timedelta) -> float | None:
    return number / time.total_seconds() if number and time > timedelta(0) else None
