"""What the ledger and the journal know for certain is not taken back by what comes later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from digests import sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import journal, ledger
from mail.delivery import Accepted, Deferred, Outcome, Rejected, ServerUnreachable, Uncertain
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

LATER = NOON + timedelta(1)
ACCEPTED, REJECTED = Accepted("Kept", 250), Rejected("5.1.1 No such user", 550)
NOT_FINAL = [Deferred("4.2.2 Later", 451), ServerUnreachable("Nobody there"), Uncertain("")]


@pytest.fixture
def delivery(db: None) -> Delivery:
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water"])
    a_reader(bulletin, "ann@reader.example", topics=topics)
    a_digest(a_draft(bulletin, {"Water": topics[0]}), at=NOON)
    return Delivery.objects.get()


def settled(delivery: Delivery, *outcomes: Outcome) -> Delivery:
    """The delivery after these results, one a minute."""
    for n, outcome in enumerate(outcomes):
        ledger.settle([(delivery.pk, outcome)], at=LATER + timedelta(minutes=n))
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("late", NOT_FINAL, ids=lambda late: type(late).__name__)
@pytest.mark.parametrize("final", [ACCEPTED, REJECTED], ids=["sent", "failed"])
def test_a_late_result_that_is_not_final_changes_nothing_that_is_settled(
    final: Outcome, late: Outcome, delivery: Delivery
) -> None:
    status = DeliveryStatus.SENT if final is ACCEPTED else DeliveryStatus.FAILED
    after = settled(delivery, final, late, late)
    assert (after.status, after.smtp_response, after.attempts) == (status, final.smtp_response, 1)
    assert after.settled_at == LATER


def test_the_first_of_two_final_results_counts(delivery: Delivery) -> None:
    assert settled(delivery, ACCEPTED, REJECTED).status == DeliveryStatus.SENT


@pytest.mark.parametrize("again", [Deferred("4.2.2 Later", 451), ServerUnreachable("Gone")])
def test_an_uncertain_delivery_is_not_queued_again_by_a_late_result(
    again: Outcome, delivery: Delivery
) -> None:
    assert settled(delivery, Uncertain(""), again).status == DeliveryStatus.UNCERTAIN


def test_an_uncertain_delivery_is_settled_by_a_final_result(delivery: Delivery) -> None:
    assert settled(delivery, Uncertain(""), ACCEPTED).status == DeliveryStatus.SENT


def test_a_delivery_that_is_given_up_or_deferred_late_stays_as_it_was(delivery: Delivery) -> None:
    settled(delivery, ACCEPTED)
    ledger.expire([delivery.pk], smtp_response="451 Later", at=LATER)
    ledger.defer([delivery.pk], until=LATER, smtp_response="451 Later")
    ledger.skip([(delivery.pk, "left")], at=LATER)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.reason) == ("sent", "")
    assert delivery.smtp_response == ACCEPTED.smtp_response


def test_a_message_begun_again_after_a_deferral_is_uncertain_when_its_worker_dies(
    db: None,
) -> None:
    worker = journal.Journal("claim")
    worker.record([], [1, 2, 3])
    worker.record([(1, Deferred("4.2.2 Later", 451)), (2, ACCEPTED)], [])
    worker.record([], [1])
    worker.abandon()
    with journal.take_over("claim") as records:
        assert records is not None
        assert records.unanswered == [1, 3]
        assert [pk for pk, _ in records.settled] == [2]
        assert records.whole


def test_nothing_is_pruned_about_which_somebody_has_still_to_decide(delivery: Delivery) -> None:
    settled(delivery, Uncertain(""))
    sending.recount(delivery.digest)
    sending.finish(delivery.digest, at=LATER)
    assert sending.prune(before=LATER + timedelta(9)) == 0
    sending.resolve_uncertain(delivery.digest, sending.Decision.COUNT_AS_SENT, at=LATER)
    assert sending.prune(before=LATER + timedelta(9)) == 1


def test_nothing_is_pruned_of_a_digest_that_is_unfinished_at_this_moment(
    delivery: Delivery,
) -> None:
    settled(delivery, ACCEPTED)
    sending.recount(delivery.digest)
    assert sending.finish(delivery.digest, at=LATER)
    reopened: list[bool] = []

    def reopening(execute: Any, sql: str, *rest: Any) -> Any:
        """After this process chose what to prune, and before it prunes it."""
        found = execute(sql, *rest)
        if "outcome" in sql and not reopened:
            reopened.append(True)
            Digest.objects.update(finished_at=None)
        return found

    with connection.execute_wrapper(reopening):
        assert sending.prune(before=LATER + timedelta(9)) == 0
    assert reopened
    assert Delivery.objects.count() == 1
