"""The ledger allows the transitions of the diagram in docs/architecture.md, and refuses others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from digests.models import Delivery
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import ledger
from mail.delivery import Accepted, Deferred, Outcome, Rejected, ServerUnreachable, Uncertain
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)
EXCLUDED, QUEUED, SENT, FAILED, SKIPPED, UNCERTAIN = (
    DeliveryStatus.EXCLUDED,
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.SKIPPED,
    DeliveryStatus.UNCERTAIN,
)


def settled(outcome: Outcome) -> Callable[[int], int]:
    return lambda pk: ledger.settle([(pk, outcome)], at=LATER)


# What is done, which status it leads to, and from which it is allowed.
TRANSITIONS: dict[str, tuple[Callable[[int], int], DeliveryStatus, set[DeliveryStatus]]] = {
    "accepted": (settled(Accepted("Kept", 250)), SENT, {QUEUED, UNCERTAIN}),
    "rejected": (settled(Rejected("No such mailbox", 550)), FAILED, {QUEUED, UNCERTAIN}),
    "deferred": (settled(Deferred("Busy", 451)), QUEUED, {QUEUED}),
    "unreachable": (settled(ServerUnreachable("no route")), QUEUED, {QUEUED}),
    "uncertain": (settled(Uncertain("")), UNCERTAIN, {QUEUED, UNCERTAIN}),
    "mark_uncertain": (
        lambda pk: ledger.mark_uncertain([pk], at=LATER),
        UNCERTAIN,
        {QUEUED, UNCERTAIN},
    ),
    "expire": (
        lambda pk: ledger.expire([pk], smtp_response="451 Later", at=LATER),
        FAILED,
        {QUEUED, UNCERTAIN},
    ),
    "defer": (lambda pk: ledger.defer([pk], until=LATER), QUEUED, {QUEUED}),
    "skip": (lambda pk: ledger.skip([(pk, SkipReason.LEFT)], at=LATER), SKIPPED, {QUEUED}),
    "skip_all": (
        lambda pk: ledger.skip_all(
            Delivery.objects.filter(pk=pk), reason=SkipReason.CANCELLED, at=LATER
        ),
        SKIPPED,
        {QUEUED},
    ),
    "confirm_sent": (
        lambda pk: ledger.confirm_sent(Delivery.objects.filter(pk=pk), at=LATER),
        SENT,
        {UNCERTAIN},
    ),
    "requeue": (
        lambda pk: ledger.requeue(Delivery.objects.filter(pk=pk), at=LATER),
        QUEUED,
        {UNCERTAIN},
    ),
    "resend": (
        lambda pk: ledger.resend(Delivery.objects.filter(pk=pk), at=LATER),
        QUEUED,
        {SENT, FAILED, SKIPPED, UNCERTAIN},
    ),
}


@pytest.fixture
def deliveries() -> dict[DeliveryStatus, Delivery]:
    """One delivery of each status."""
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water"])
    for status in DeliveryStatus:
        a_reader(bulletin, f"{status}@example.org", topics=topics)
    a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)
    found = dict(zip(DeliveryStatus, Delivery.objects.order_by("pk"), strict=True))
    for status, delivery in found.items():
        delivery.status = status
        delivery.settled_at = None if status is QUEUED else NOON
        delivery.edition = None if status is EXCLUDED else delivery.edition
        delivery.save()
    return found


def row(delivery: Delivery) -> Mapping[str, object]:
    return Delivery.objects.filter(pk=delivery.pk).values().get()


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_is_refused_where_the_diagram_does_not_allow_it(
    deliveries: dict[DeliveryStatus, Delivery], name: str
) -> None:
    change, to, allowed_from = TRANSITIONS[name]
    before = {status: row(delivery) for status, delivery in deliveries.items()}
    changed = {status: change(delivery.pk) for status, delivery in deliveries.items()}
    after = {status: row(delivery) for status, delivery in deliveries.items()}
    assert changed == {status: int(status in allowed_from) for status in DeliveryStatus}
    for status in DeliveryStatus:
        if status in allowed_from:
            assert after[status]["status"] == to
            assert (after[status]["settled_at"] is None) == (to is QUEUED)
        else:
            assert after[status] == before[status]


def test_only_somebody_who_asks_for_it_leads_out_of_a_status_that_is_final() -> None:
    of_itself = [each for name, each in TRANSITIONS.items() if name != "resend"]
    left = {status for _, _, allowed_from in of_itself for status in allowed_from}
    assert left == {QUEUED, UNCERTAIN}


def test_an_outcome_that_comes_too_late_is_logged(
    deliveries: dict[DeliveryStatus, Delivery], caplog: pytest.LogCaptureFixture
) -> None:
    ledger.settle([(deliveries[SENT].pk, Rejected("No such mailbox", 550))], at=LATER)
    assert "1 of 1 outcomes came too late" in caplog.text
