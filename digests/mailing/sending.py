"""Handing deliveries over to the mail server, and writing down what it said."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef

from bulletin_site.mail.transport import (
    Accepted,
    Outcome,
    Refused,
    Session,
    Unavailable,
    Uncertain,
)
from digests.mailing.claiming import claim, give_back, lease
from digests.models import Delivery, Digest
from digests.models.delivery import Reason, Status
from digests.printing import Printer
from subscribers.models import Subscriber

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
SERVER_IS_AWAY = 3  # unavailable so often in a row: the server, not one recipient


def send(digest: Digest, *, clock: Clock, seconds: float) -> int:
    """Hand over what is due, for about `seconds`; return how many deliveries were taken up.

    Ends early when nothing is due, or when the mail server is away. What was claimed and not
    begun is given back.
    """
    until = clock() + timedelta(seconds=seconds)
    printer = Printer(digest)
    done = 0
    with Session() as session:
        while clock() < until:
            claimed = claim(digest, at=clock(), most=settings.SEND_BATCH)
            begun = _hand_over(claimed, printer, session, clock=clock, until=until)
            done += begun
            if begun < len(claimed) or not claimed:
                break
    return done


def _hand_over(
    claimed: list[Delivery], printer: Printer, session: Session, *, clock: Clock, until: datetime
) -> int:
    """Hand over `claimed` in turn; give back the rest, from which one the number says."""
    away = 0
    for n, delivery in enumerate(claimed):
        if away >= SERVER_IS_AWAY:
            give_back(claimed[n:], due_at=clock() + FIRST_WAIT)
            return n
        if clock() >= until:
            give_back(claimed[n:], due_at=clock())
            return n
        message = printer.message(delivery, at=clock())
        if _begin(delivery, at=clock()):
            outcome = session.send(message)
            _settle(delivery, outcome, at=clock())
            away = away + 1 if isinstance(outcome, Unavailable) else 0
    return len(claimed)


def _begin(delivery: Delivery, *, at: datetime) -> bool:
    """Write down that the handing over begins, unless the reader left or the claim was lost."""
    ours = Delivery.objects.filter(pk=delivery.pk, status=Status.CLAIMED, claim=delivery.claim)
    reader = Subscriber.objects.filter(pk=OuterRef("subscriber"))
    began = ours.filter(Exists(reader.active(at=at))).update(
        status=Status.SENDING, attempts=F("attempts") + 1, leased_until=at + lease()
    )
    if began:
        return True
    stayed = reader.confirmed()
    for reason, those in (
        (Reason.SUPPRESSED, ours.filter(Exists(stayed.suppressed()))),
        (Reason.PAUSED, ours.filter(Exists(stayed))),
        (Reason.LEFT, ours),
    ):
        those.update(
            status=Status.SKIPPED, reason=reason, claim="", leased_until=None, settled_at=at
        )
    return False


def _settle(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Write down what the mail server said, unless the claim ran out meanwhile."""
    ours = Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING, claim=delivery.claim)
    match outcome:
        case Accepted():
            change = {"status": Status.SENT, "settled_at": at}
        case Refused():
            change = {"status": Status.FAILED, "settled_at": at}
        case Uncertain():
            change = {"status": Status.UNCERTAIN, "settled_at": at}
        case Unavailable():
            change = {"status": Status.QUEUED, "due_at": at + _wait(delivery.attempts)}
    ours.update(claim="", leased_until=None, answer=outcome.answer[:500], **change)


def _wait(attempts: int) -> timedelta:
    """How long to wait after that many earlier attempts: doubling, with jitter, to half an hour."""
    longest = min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)
