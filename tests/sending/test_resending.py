"""Mails are sent again when somebody asks: with the same Message-ID, bounded, all accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from digests import bounces, sending, withdrawal
from digests.models import Batch, Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import FeedbackKind
from digests.sending import NotResent, Obstacle, Scope, claims, ledger, resending
from mail.delivery import Accepted, Deferred, Rejected
from publications.models import Bulletin, Topic
from subscribers import suppressions, unsubscribing
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
AGAIN = NOON + timedelta(days=1)
NO_MAILBOX, FULL, SPAM = "550 5.1.1 No such user", "552 5.2.2 Sorry", "554 5.7.1 Spam"


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy"])


@pytest.fixture
def digest(bulletin: Bulletin, topics: list[Topic]) -> Digest:
    for name in ("ann", "gone", "full", "spam"):
        a_reader(bulletin, f"{name}@example.org", topics=topics)
    return a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)


def standing(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def finish(digest: Digest, *, at: datetime) -> Digest:
    """Send what is due, and finish, as the tasks do it."""
    sending.send(digest, clock=standing(at), seconds=30)
    bounces.record_rejections(digest, at=at)
    assert sending.finish(digest, at=at)
    digest.refresh_from_db()
    return digest


@pytest.fixture
def mailed(digest: Digest, mail_server: MailServer) -> Digest:
    """A finished digest of which three mails failed, each for another reason."""
    for name, said in (("gone", NO_MAILBOX), ("full", FULL), ("spam", SPAM)):
        mail_server.responses[f"{name}@example.org"] = said
    finish(digest, at=LATER)
    mail_server.responses.clear()
    return digest


def of(name: str) -> Delivery:
    return Delivery.objects.get(subscriber__address=f"{name}@example.org")


def test_one_mail_is_sent_again_with_the_same_message_id(
    mailed: Digest, mail_server: MailServer
) -> None:
    sending.resend(of("ann").pk, at=AGAIN)
    waiting = of("ann")
    assert (waiting.status, waiting.resends, waiting.settled_at) == ("queued", 1, None)
    assert Digest.objects.unfinished().get() == mailed
    counts = sending.count(mailed)
    assert (counts.waiting, counts.balanced) == (1, True)
    finish(mailed, at=AGAIN)
    assert mail_server.recipients == ["ann@example.org"] * 2
    first, second = (
        content.partition(b"Message-ID:")[2].partition(b"\n")[0] for _, content in mail_server.mails
    )
    assert first == second
    assert first.strip()
    assert mailed.outcome["counts"]["sent"] == 1
    assert sending.count_deliveries(mailed) == sending.count(mailed)


def test_it_is_sent_again_three_times_and_no_more(mailed: Digest, mail_server: MailServer) -> None:
    for n in range(3):
        sending.resend(of("ann").pk, at=AGAIN + timedelta(hours=n))
        with pytest.raises(NotResent) as two_presses:
            sending.resend(of("ann").pk, at=AGAIN)
        assert two_presses.value.obstacle is Obstacle.WAITING
        finish(mailed, at=AGAIN + timedelta(hours=n))
    with pytest.raises(NotResent) as once_more:
        sending.resend(of("ann").pk, at=AGAIN)
    assert once_more.value.obstacle is Obstacle.TOO_OFTEN
    assert ledger.resend(Delivery.objects.filter(pk=of("ann").pk), at=AGAIN) == 0
    assert mail_server.recipients == ["ann@example.org"] * 4


def test_who_must_not_be_mailed_gets_nothing_again(mailed: Digest) -> None:
    unsubscribing.unsubscribe(of("ann").subscriber_id or 0, at=AGAIN, reason=EndReason.LEFT)
    with pytest.raises(NotResent) as left:
        sending.resend(of("ann").pk, at=AGAIN)
    assert left.value.obstacle is Obstacle.NOT_MAILABLE
    suppressions.suppress(
        "full@example.org", reason=SuppressionReason.EDITOR, evidence="", at=AGAIN
    )
    assert resending.failed(mailed, at=AGAIN).passing_again == 0
    assert sending.resend_failed(mailed, Scope.PASSING, at=AGAIN) == 0
    mailed.refresh_from_db()
    assert mailed.finished_at


def test_nothing_is_sent_again_of_what_was_stopped_withdrawn_or_is_in_hand(
    mailed: Digest,
) -> None:
    ann = of("ann").pk
    Batch.objects.update(claim="a" * 32)
    with pytest.raises(NotResent) as in_hand:
        sending.resend(ann, at=AGAIN)
    Batch.objects.update(claim="")
    withdrawal.withdraw_issue(mailed.own_issue, because="", at=AGAIN)
    for call in (
        lambda: sending.resend(ann, at=AGAIN),
        lambda: sending.resend_failed(mailed, Scope.ALL, at=AGAIN),
    ):
        with pytest.raises(NotResent) as withdrawn:
            call()
        assert withdrawn.value.obstacle is Obstacle.WITHDRAWN
    withdrawal.restore_issue(mailed.own_issue)
    Digest.objects.update(cancelled_at=AGAIN)
    with pytest.raises(NotResent) as cancelled:
        sending.resend(ann, at=AGAIN)
    assert (in_hand.value.obstacle, cancelled.value.obstacle) == (
        Obstacle.IN_HAND,
        Obstacle.CANCELLED,
    )
    assert of("ann").status == DeliveryStatus.SENT


def test_those_that_failed_for_a_passing_reason_are_sent_again_and_nobody_else(
    mailed: Digest, mail_server: MailServer
) -> None:
    found = resending.failed(mailed, at=AGAIN)
    assert (found.count, found.passing, found.passing_again) == (3, 1, 1)
    assert sending.resend_failed(mailed, Scope.PASSING, at=AGAIN) == 1
    with pytest.raises(NotResent) as twice:
        sending.resend_failed(mailed, Scope.PASSING, at=AGAIN)
    assert twice.value.obstacle is Obstacle.IN_HAND
    finish(mailed, at=AGAIN)
    assert mail_server.recipients == ["ann@example.org", "full@example.org"]
    assert (mailed.outcome["counts"]["sent"], mailed.outcome["counts"]["failed"]) == (2, 2)


def test_all_that_failed_are_sent_again_but_for_mailboxes_that_are_gone(
    mailed: Digest, mail_server: MailServer
) -> None:
    # Who has no mailbox is suppressed since, so that two are left.
    assert resending.failed(mailed, at=AGAIN).again == 2
    assert sending.resend_failed(mailed, Scope.ALL, at=AGAIN) == 2
    finish(mailed, at=AGAIN)
    assert mail_server.recipients == [f"{name}@example.org" for name in ("ann", "full", "spam")]
    assert of("gone").status == DeliveryStatus.FAILED


def test_what_expired_has_all_its_attempts_again(mailed: Digest, mail_server: MailServer) -> None:
    Feedback.objects.all().delete()
    Delivery.objects.filter(pk=of("full").pk).update(reason="expired", attempts=13)
    mail_server.responses["full@example.org"] = "451 Later"
    assert sending.resend_failed(mailed, Scope.PASSING, at=AGAIN) == 1
    sending.send(mailed, clock=standing(AGAIN), seconds=30)
    assert (of("full").status, of("full").attempts) == (DeliveryStatus.QUEUED, 1)
    assert sending.count(mailed).balanced


def test_a_second_failure_is_recorded_as_the_first_was(
    mailed: Digest, mail_server: MailServer
) -> None:
    mail_server.responses["full@example.org"] = NO_MAILBOX
    sending.resend_failed(mailed, Scope.PASSING, at=AGAIN)
    finish(mailed, at=AGAIN)
    kinds = set(Feedback.objects.filter(delivery=of("full")).values_list("kind", flat=True))
    assert kinds == {FeedbackKind.SOFT_BOUNCE, FeedbackKind.HARD_BOUNCE}
    assert resending.failed(mailed, at=AGAIN).passing == 0
    assert bounces.record_rejections(mailed, at=AGAIN) == 0


def test_a_worker_that_dies_in_a_resend_leaves_it_uncertain_and_not_twice(
    mailed: Digest, mail_server: MailServer
) -> None:
    sending.resend(of("ann").pk, at=AGAIN)
    claim = claims.claim(mailed, at=AGAIN, most=10)
    assert claim
    claim.journal.record([], [of("ann").pk])
    claim.journal.abandon()
    sending.recover(at=AGAIN)
    assert of("ann").status == DeliveryStatus.UNCERTAIN
    assert mail_server.recipients == ["ann@example.org"]
    assert sending.count(mailed).balanced


def test_how_many_questions_a_resend_asks_does_not_grow(mailed: Digest) -> None:
    with CaptureQueriesContext(connection) as asked:
        sending.resend_failed(mailed, Scope.ALL, at=AGAIN)
    assert len(asked) <= 17


class TestAnyOrder(TestCase):
    """Whatever is asked for in whatever order, each candidate has one status, and the counts
    hold."""

    @how(max_examples=25)
    @given(st.lists(st.sampled_from(["resend", "all", "passing", "send", "die"]), max_size=8))
    def test_the_accounting_holds(self, steps: list[str]) -> None:
        bulletin = a_bulletin()
        (topic,) = topics_of(bulletin, ["Water"])
        for n in range(3):
            a_reader(bulletin, f"r{n}@example.org", topics=[topic])
        digest = a_digest(a_draft(bulletin, {"Water": topic}), at=LATER)
        outcomes = [Accepted("", 250), Rejected("5.1.1 gone", 550), Deferred("later", 451)]
        at = LATER
        for step in steps:
            at += timedelta(hours=1)
            self._take(step, digest, outcomes, at=at)
            counts = sending.count(digest)
            assert counts.balanced
            assert counts == sending.count_deliveries(digest)
        assert max(Delivery.objects.values_list("resends", flat=True)) <= ledger.MAX_RESENDS

    def _take(self, step: str, digest: Digest, outcomes: Sequence[object], *, at: datetime) -> None:
        pks = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
        try:
            if step == "resend":
                sending.resend(pks[0], at=at)
            elif step in {"all", "passing"}:
                sending.resend_failed(digest, Scope(step), at=at)
            elif claim := claims.claim(digest, at=at, most=10):
                if step == "send":
                    settled = list(zip(pks, outcomes, strict=True))
                    claims.write(claim, lambda: ledger.settle(settled, at=at))  # type: ignore[arg-type]
                    claims.give_back(claim)
                    claim.journal.close()
                else:
                    claim.journal.record([], pks[:1])
                    claim.journal.abandon()
                    sending.recover(at=at)
        except NotResent:
            pass
        bounces.record_rejections(digest, at=at)
        sending.finish(digest, at=at)
