"""What the mail server refuses at once counts as what comes back later."""

from __future__ import annotations

import pytest

from digests import feedback
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import Reason, Status
from digests.models.feedback import Kind
from subscribers.models import Suppression
from tests.feedback.conftest import LATER, key_of, mail


def refused(delivery: Delivery, answer: str, *, reason: str = "") -> Digest:
    Delivery.objects.filter(pk=delivery.pk).update(
        status=Status.FAILED, reason=reason, answer=answer, settled_at=LATER
    )
    return delivery.digest


@pytest.mark.parametrize(
    ("answer", "kind", "suppressed"),
    [
        ("550 5.1.1 No such user here", Kind.GONE, True),
        ("550 User not found", Kind.GONE, True),
        ("552 5.2.2 Mailbox full", Kind.SOFT, False),
        ("554 5.7.1 Rejected as spam", Kind.POLICY, False),
        ("554 Transaction failed", Kind.SOFT, False),
    ],
)
def test_a_refusal_is_a_bounce_and_only_a_mailbox_that_is_gone_is_suppressed(
    delivery: Delivery, answer: str, kind: Kind, suppressed: bool
) -> None:
    assert feedback.hear_refusals(refused(delivery, answer), at=LATER) == 1
    event = Feedback.objects.get()
    assert (event.delivery, event.kind, event.detail) == (delivery, kind, answer)
    assert Suppression.objects.current().exists() is suppressed


def test_a_refusal_is_heard_once(delivery: Delivery) -> None:
    digest = refused(delivery, "550 5.1.1 No such user here")
    feedback.hear_refusals(digest, at=LATER)
    assert feedback.hear_refusals(digest, at=LATER) == 0
    assert Feedback.objects.count() == 1


def test_a_bounce_that_came_as_well_is_not_counted_twice(delivery: Delivery) -> None:
    feedback.receive(mail("postfix-gone", key_of(delivery)), at=LATER)
    assert feedback.hear_refusals(refused(delivery, "550 5.1.1 Unknown"), at=LATER) == 0


def test_what_was_parked_says_nothing_of_the_mailbox(delivery: Delivery) -> None:
    digest = refused(delivery, "451 4.7.1 Later", reason=Reason.PARKED)
    assert feedback.hear_refusals(digest, at=LATER) == 0


def test_many_refusals_are_heard_in_parts(delivery: Delivery) -> None:
    digest = refused(delivery, "550 5.1.1 Unknown")
    assert feedback.hear_refusals(digest, at=LATER, most=1) == 1
    assert feedback.hear_refusals(digest, at=LATER, most=1) == 0
