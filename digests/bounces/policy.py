"""The bounce policy: what follows from feedback, such as suppressing and unsubscribing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet

from digests import sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import BOUNCES, FeedbackKind
from subscribers import change_of_address, suppressions, unsubscribing
from subscribers.models import Subscriber, Suppression
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason

MAX_SOFT_BOUNCES = 5
MIN_SOFT_BOUNCE_TIME = timedelta(days=10)
QUIET_TIME = timedelta(days=6)  # a mail is tried for 5 (RFC 5321, 4.5.4.1); then no bounce comes


def apply(feedback: Feedback, *, at: datetime) -> None:
    """Apply the policy to feedback that is new. Doing it twice changes nothing more."""
    if feedback.delivery_id is not None:
        sending.confirm_sent(Delivery.objects.filter(pk=feedback.delivery_id), at=at)
    reader = feedback.subscriber
    if reader is None:
        return
    if former := _former_mailbox(reader, feedback):
        _apply_to_former(former, feedback, at=at)
        return
    match feedback.kind:
        case FeedbackKind.HARD_BOUNCE:
            _suppress(reader, SuppressionReason.HARD_BOUNCE, feedback, at=at)
        case FeedbackKind.SOFT_BOUNCE if _keeps_bouncing(reader, at=at):
            _suppress(reader, SuppressionReason.BOUNCING, feedback, at=at)
        case FeedbackKind.COMPLAINED:
            unsubscribing.unsubscribe(reader.pk, at=at, reason=EndReason.COMPLAINT)
            _suppress(reader, SuppressionReason.COMPLAINED, feedback, at=at)
        case FeedbackKind.LEFT:
            unsubscribing.unsubscribe(reader.pk, at=at, reason=EndReason.BY_MAIL)


def _former_mailbox(reader: Subscriber, feedback: Feedback) -> str:
    """Return the mailbox that the reader had when the mail was sent, if they have changed it since:
    what comes back says nothing of the new one. "" where they have not."""
    delivery = feedback.delivery
    return change_of_address.former_key_at(reader, delivery.settled_at if delivery else None)


def _apply_to_former(address_key: str, feedback: Feedback, *, at: datetime) -> None:
    """Suppress a mailbox that a reader has left behind: it is gone, or reported spam."""
    reasons = {
        FeedbackKind.HARD_BOUNCE: SuppressionReason.HARD_BOUNCE,
        FeedbackKind.COMPLAINED: SuppressionReason.COMPLAINED,
    }
    if reason := reasons.get(FeedbackKind(feedback.kind)):
        evidence = f"{feedback.status} {feedback.detail}".strip()
        suppressions.suppress(address_key, reason=reason, evidence=evidence, at=at)


def settle_uncertain(digest: Digest, *, at: datetime) -> int:
    """Settle as sent the uncertain deliveries of a digest of which something came back before they
    were known to be uncertain. Returns how many there were. One query where there are none."""
    feedback = Feedback.objects.filter(delivery=OuterRef("pk"))
    return sending.confirm_sent(
        Delivery.objects.uncertain_in(digest).filter(Exists(feedback)), at=at
    )


def soft_bounces(reader: Subscriber, *, at: datetime) -> QuerySet[Feedback]:
    """Return the soft bounces of a reader since a mail last got through, the last one first."""
    soft = Feedback.objects.filter(subscriber=reader, kind=FeedbackKind.SOFT_BOUNCE)
    last_success = _last_success(reader, at=at)
    return soft.filter(received_at__gt=last_success) if last_success else soft


def _suppress(
    reader: Subscriber, reason: SuppressionReason, feedback: Feedback, *, at: datetime
) -> None:
    evidence = f"{feedback.status} {feedback.detail}".strip()
    suppressions.suppress(reader.address_key, reason=reason, evidence=evidence, at=at)


def _keeps_bouncing(reader: Subscriber, *, at: datetime) -> bool:
    """Return whether MAX_SOFT_BOUNCES mails came back over MIN_SOFT_BOUNCE_TIME, and none got
    through since the first of them."""
    found = soft_bounces(reader, at=at).aggregate(
        mails=Count("delivery", distinct=True), first=Min("received_at")
    )
    long_enough = found["first"] is not None and at - found["first"] >= MIN_SOFT_BOUNCE_TIME
    return long_enough and bool(found["mails"] >= MAX_SOFT_BOUNCES)


def _last_success(reader: Subscriber, *, at: datetime) -> datetime | None:
    """Return when a mail last arrived: a provider said so, for QUIET_TIME no bounce came, or an
    editor lifted a suppression."""
    delivered = Feedback.objects.filter(subscriber=reader, kind=FeedbackKind.DELIVERED)
    confirmed = delivered.aggregate(last=Max("received_at"))["last"]
    bounced = Feedback.objects.filter(delivery=OuterRef("pk"), kind__in=BOUNCES)
    quiet = reader.deliveries.filter(
        ~Exists(bounced), status=DeliveryStatus.SENT, settled_at__lt=at - QUIET_TIME
    )
    silent = quiet.aggregate(last=Max("settled_at"))["last"]
    lifted = Suppression.objects.filter(address_key=reader.address_key)
    again = lifted.aggregate(last=Max("lifted_at"))["last"]
    return max(filter(None, (confirmed, silent, again)), default=None)
