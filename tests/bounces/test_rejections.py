"""What the mail server rejects at once counts as what comes back later."""

from __future__ import annotations

import pytest

from digests import bounces
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from subscribers.models import Suppression
from tests.support.returned_mails import LATER, key_of, mail


def rejected(delivery: Delivery, answer: str, *, reason: str = "") -> Digest:
    Delivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.FAILED, reason=reason, smtp_response=answer, settled_at=LATER
    )
    return delivery.digest


@pytest.mark.parametrize(
    ("answer", "kind", "suppressed"),
    [
        ("550 5.1.1 No such user here", FeedbackKind.HARD_BOUNCE, True),
        ("550 User not found", FeedbackKind.HARD_BOUNCE, True),
        ("552 5.2.2 Mailbox full", FeedbackKind.SOFT_BOUNCE, False),
        ("554 5.7.1 Rejected as spam", FeedbackKind.BLOCKED, False),
        ("554 Transaction failed", FeedbackKind.SOFT_BOUNCE, False),
    ],
)
def test_a_rejection_is_a_bounce_and_only_a_mailbox_that_is_gone_is_suppressed(
    delivery: Delivery, answer: str, kind: FeedbackKind, suppressed: bool
) -> None:
    assert bounces.record_rejections(rejected(delivery, answer), at=LATER) == 1
    event = Feedback.objects.get()
    assert (event.delivery, event.kind, event.detail) == (delivery, kind, answer)
    assert Suppression.objects.current().exists() is suppressed


def test_a_rejection_is_recorded_once(delivery: Delivery) -> None:
    digest = rejected(delivery, "550 5.1.1 No such user here")
    bounces.record_rejections(digest, at=LATER)
    assert bounces.record_rejections(digest, at=LATER) == 0
    assert Feedback.objects.count() == 1


def test_a_bounce_that_came_as_well_is_not_counted_twice(delivery: Delivery) -> None:
    bounces.receive(mail("postfix-gone", key_of(delivery)), at=LATER)
    assert bounces.record_rejections(rejected(delivery, "550 5.1.1 Unknown"), at=LATER) == 0


def test_what_expired_says_nothing_of_the_mailbox(delivery: Delivery) -> None:
    digest = rejected(delivery, "451 4.7.1 Later", reason=SkipReason.EXPIRED)
    assert bounces.record_rejections(digest, at=LATER) == 0


def test_many_rejections_are_recorded_in_parts(delivery: Delivery) -> None:
    digest = rejected(delivery, "550 5.1.1 Unknown")
    assert bounces.record_rejections(digest, at=LATER, most=1) == 1
    assert bounces.record_rejections(digest, at=LATER, most=1) == 0
