"""What the mail server says is what the ledger says; nobody is lost, nobody gets two copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from digests import audience, publishing, sending, tasks
from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.rendering import Recipient
from digests.sending import claims, due_recipients, journal, ledger
from mail.delivery import Accepted
from mail.servers import Server
from publications.models import Bulletin, Topic
from subscribers import suppressions
from subscribers.models import Subscriber
from subscribers.models.suppression import SuppressionReason as Why
from tests.support.factories import NOON, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy"])


@pytest.fixture
def readers(bulletin: Bulletin, topics: list[Topic]) -> list[Subscriber]:
    chosen = {"a": topics[:1], "b": topics, "c": topics[1:]}
    return [a_reader(bulletin, f"{n}@example.org", topics=own) for n, own in chosen.items()]


@pytest.fixture
def digest(bulletin: Bulletin, topics: list[Topic], readers: list[Subscriber]) -> Digest:
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    return a_digest(draft, at=LATER)


def standing(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def send(digest: Digest, *, at: datetime = LATER) -> int:
    return sending.send(digest, clock=standing(at), seconds=30)


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("subscriber__address", "status"))


def test_each_reader_gets_one_mail_with_just_their_sections(
    digest: Digest, mail_server: MailServer
) -> None:
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]
    for address, water, energy in (("a", True, False), ("b", True, True), ("c", False, True)):
        mail = mail_server.mail_to(f"{address}@example.org")
        for kind in ("plain", "html"):
            body = mail.get_body((kind,))
            assert body is not None
            assert ("News of Water" in body.get_content()) is water
            assert ("News of Energy" in body.get_content()) is energy


def test_what_was_accepted_is_sent_and_the_digest_is_finished_and_balanced(
    digest: Digest, mail_server: MailServer
) -> None:
    send(digest)
    assert set(states().values()) == {DeliveryStatus.SENT}
    assert sending.finish(digest, at=LATER)
    counts = sending.count(digest)
    assert (counts.candidates, counts.sent, counts.waiting) == (3, 3, 0)
    assert counts.balanced


def test_sending_again_sends_nothing(digest: Digest, mail_server: MailServer) -> None:
    send(digest)
    assert send(digest) == 0
    assert len(mail_server.mails) == 3


def test_a_recipient_that_the_server_rejects_fails_alone(
    digest: Digest, mail_server: MailServer
) -> None:
    mail_server.responses["b@example.org"] = "550 5.1.1 No such mailbox"
    send(digest)
    assert states() == {
        "a@example.org": DeliveryStatus.SENT,
        "b@example.org": DeliveryStatus.FAILED,
        "c@example.org": DeliveryStatus.SENT,
    }
    assert "No such mailbox" in Delivery.objects.get(status=DeliveryStatus.FAILED).smtp_response


def test_a_recipient_that_the_server_defers_waits_alone(
    digest: Digest, mail_server: MailServer
) -> None:
    mail_server.responses["b@example.org"] = "451 4.7.1 Greylisted"
    send(digest)
    waiting = Delivery.objects.get(status=DeliveryStatus.QUEUED)
    assert waiting.subscriber is not None
    assert waiting.subscriber.address == "b@example.org"
    assert waiting.due_at > LATER
    assert not sending.finish(digest, at=LATER)
    mail_server.responses.clear()
    send(digest, at=waiting.due_at)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_while_the_mail_server_is_down_everybody_waits_and_nobody_is_lost(
    digest: Digest, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9),)  # discard: nobody listens
    send(digest)
    assert set(states().values()) == {DeliveryStatus.QUEUED}
    assert not sending.finish(digest, at=LATER)


def test_when_the_mail_server_is_back_everybody_gets_one_mail(
    digest: Digest, settings: Settings, mail_server: MailServer
) -> None:
    servers, settings.MAIL_SERVERS = settings.MAIL_SERVERS, (Server("127.0.0.1", 9),)
    send(digest)
    settings.MAIL_SERVERS = servers
    send(digest, at=LATER + timedelta(hours=1))
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]
    assert sending.finish(digest, at=LATER)


def test_the_wait_grows_with_the_attempts_but_not_without_end(
    digest: Digest, mail_server: MailServer
) -> None:
    mail_server.responses["b@example.org"] = "451 Later"
    at, waits = LATER, []
    for _ in range(9):
        send(digest, at=at)
        due_at = Delivery.objects.get(status=DeliveryStatus.QUEUED).due_at
        waits.append(due_at - at)
        at = due_at
    assert waits[0] <= timedelta(seconds=30)
    assert timedelta(minutes=15) <= waits[-1] <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"unsubscribed_at": LATER}, SkipReason.LEFT),
        ({"paused_until": LATER + timedelta(days=30)}, SkipReason.PAUSED),
    ],
)
def test_who_left_or_paused_after_the_opening_is_skipped(
    digest: Digest, mail_server: MailServer, change: dict[str, datetime], reason: str
) -> None:
    Subscriber.objects.filter(address="b@example.org").update(**change)
    send(digest)
    assert mail_server.recipients == ["a@example.org", "c@example.org"]
    assert Delivery.objects.get(status=DeliveryStatus.SKIPPED).reason == reason
    assert sending.finish(digest, at=LATER)


def test_who_was_suppressed_after_the_opening_is_skipped(
    digest: Digest, mail_server: MailServer
) -> None:
    suppressions.suppress("b@example.org", reason=Why.COMPLAINED, evidence="", at=LATER)
    send(digest)
    assert mail_server.recipients == ["a@example.org", "c@example.org"]
    assert Delivery.objects.get(status=DeliveryStatus.SKIPPED).reason == SkipReason.SUPPRESSED


def claimed(digest: Digest, *, at: datetime = LATER, most: int = 500) -> claims.Claim:
    claim = claims.claim(digest, at=at, most=most)
    assert claim is not None
    return claim


def test_two_workers_never_claim_the_same_batch(digest: Digest) -> None:
    first, second = claimed(digest, most=2), claimed(digest, most=2)
    assert claims.claim(digest, at=LATER, most=2) is None
    assert len(first.batches) == 2
    assert len(second.batches) == 1
    assert not first.batches & second.batches


def test_a_claim_is_taken_asked_about_settled_and_given_back_with_six_queries(
    digest: Digest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6 + 4):  # two transactions, each begun and ended
        claim = claimed(digest)
        due = due_recipients.load_due_recipients(claim.name, at=LATER)
        settled = [(each.delivery, Accepted("Kept", 250)) for each in due]
        claims.write(claim, lambda: ledger.settle(settled, at=LATER))
        claims.give_back(claim)
    assert set(states().values()) == {DeliveryStatus.SENT}
    assert claims.claim(digest, at=LATER, most=500) is None


def test_each_look_at_a_claim_is_for_its_own_time(digest: Digest) -> None:
    soon = LATER + timedelta(minutes=1)
    Delivery.objects.filter(subscriber__address="a@example.org").update(due_at=soon)
    Subscriber.objects.filter(address="b@example.org").update(paused_until=soon)
    claim = claimed(digest)
    looks = [due_recipients.load_due_recipients(claim.name, at=at) for at in (LATER, soon, LATER)]
    found = [{each.address[0]: each.skip_reason for each in look} for look in looks]
    early, late = {"b": SkipReason.PAUSED, "c": ""}, {"a": "", "b": "", "c": ""}
    assert found == [early, late, early]


def test_a_claim_knows_since_when_each_reads_by_the_calendar_of_the_site(digest: Digest) -> None:
    evening = datetime(2026, 9, 14, 16, 30, tzinfo=UTC)  # in Shanghai past midnight
    Subscriber.objects.update(confirmed_at=evening)
    looks = due_recipients.load_due_recipients(claimed(digest).name, at=LATER)
    rows = digest.deliveries.select_related("edition", "subscriber")
    assert {str(each.since) for each in looks} == {"2026-09-15"}
    assert {Recipient.of(each).since for each in rows} == {date(2026, 9, 15)}


def test_a_claim_is_looked_at_edition_by_edition(digest: Digest) -> None:
    look = due_recipients.load_due_recipients(claimed(digest).name, at=LATER)
    editions = digest.editions.order_by("pk").values_list(
        "language", "topic_mask", "issue_mask", "alert_articles"
    )
    assert [each[1:5] for each in look] == list(editions)


def test_while_its_worker_lives_a_claim_stays(digest: Digest) -> None:
    claimed(digest)
    sending.recover(at=LATER + 9 * claims.lease())
    assert send(digest) == 0


def test_what_a_dead_worker_had_not_begun_comes_back_and_is_sent_once(
    digest: Digest, mail_server: MailServer
) -> None:
    claimed(digest).journal.abandon()
    assert send(digest) == 0
    sending.recover(at=LATER)
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def died_in_the_midst(digest: Digest) -> None:
    """As a worker that sent one message, got the outcome of another, and died."""
    claim = claimed(digest)
    answered, begun, _ = due_recipients.load_due_recipients(claim.name, at=LATER)
    claim.journal.record([], [answered.delivery, begun.delivery])
    claim.journal.record([(answered.delivery, Accepted("Kept", 250))], [])
    claim.journal.abandon()


def test_what_a_dead_worker_was_sending_is_uncertain_and_not_sent_again(
    digest: Digest, mail_server: MailServer
) -> None:
    died_in_the_midst(digest)
    sending.recover(at=LATER)
    sending.recover(at=LATER)
    send(digest)
    assert len(mail_server.mails) == 1
    assert sending.finish(digest, at=LATER)
    counts = sending.count(digest)
    assert (counts.sent, counts.uncertain) == (2, 1)
    assert counts.balanced


def test_a_machine_that_sends_settles_what_died_on_it_without_a_sweep(
    digest: Digest, mail_server: MailServer
) -> None:
    died_in_the_midst(digest)
    tasks.send_digest(digest.pk)
    counts = sending.count(digest)
    assert (counts.sent, counts.uncertain, counts.waiting) == (2, 1, 0)


def test_where_the_policy_is_to_resend_the_same_message_is_sent_again(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_UNCERTAIN = "resend"
    died_in_the_midst(digest)
    sending.recover(at=LATER)
    send(digest, at=LATER + timedelta(minutes=1))
    assert len(mail_server.mails) == 2
    assert sending.count(digest).sent == 3


def test_when_a_machine_is_lost_what_its_worker_had_claimed_is_uncertain(
    digest: Digest, mail_server: MailServer
) -> None:
    claimed(digest, most=1).journal.close()
    sending.recover(at=LATER + claims.lease())
    assert sending.count(digest).waiting == 3
    sending.recover(at=LATER + 2 * claims.lease() + timedelta(seconds=1))
    send(digest)
    assert len(mail_server.mails) == 2
    counts = sending.count(digest)
    assert (counts.sent, counts.uncertain) == (2, 1)


def test_a_claim_of_which_nobody_knows_whether_the_database_committed_it_comes_back(
    digest: Digest, mail_server: MailServer
) -> None:
    def answer_lost(
        execute: Callable[..., object], sql: str, values: Sequence[str], *rest: object
    ) -> object:
        answer = execute(sql, values, *rest)
        if "SET claim = %s" in sql:
            names.extend(Batch.objects.claimed().values_list("claim", flat=True))
            raise OperationalError("server closed the connection unexpectedly")
        return answer

    names: list[str] = []
    with connection.execute_wrapper(answer_lost), pytest.raises(OperationalError):
        send(digest)
    Batch.objects.update(claim=names[0], leased_until=LATER)
    sending.recover(at=LATER)
    assert names[0] not in journal.names()
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_worker_whose_claim_was_lost_does_not_send(digest: Digest) -> None:
    claim = claimed(digest)
    claims.release(claim.name)
    assert not claims.renewed(claim, at=LATER)


def test_when_the_shift_is_over_the_rest_is_given_back(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.sending.worker.RENDERED_AT_ONCE", 1)
    times = iter([LATER] * 5)
    late = LATER + timedelta(minutes=1)
    sending.send(digest, clock=lambda: next(times, late), seconds=30)
    assert 0 < len(mail_server.mails) < 3
    assert set(states().values()) == {DeliveryStatus.SENT, DeliveryStatus.QUEUED}
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_worker_that_shuts_down_takes_up_nothing_more(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_SESSIONS = 1
    sending.send(digest, clock=standing(LATER), seconds=30, stop=lambda: bool(mail_server.mails))
    assert 0 < len(mail_server.mails) < 3
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_what_the_server_defers_for_hours_expires_for_that_reason(
    digest: Digest, mail_server: MailServer
) -> None:
    mail_server.responses["b@example.org"] = "451 4.7.1 Greylisted"
    at = LATER
    while waiting := Delivery.objects.filter(status=DeliveryStatus.QUEUED).first():
        at = max(at, waiting.due_at)
        send(digest, at=at)
    expired = Delivery.objects.get(status=DeliveryStatus.FAILED)
    assert expired.reason == SkipReason.EXPIRED
    assert "Greylisted" in expired.smtp_response
    assert timedelta(hours=2) < at - LATER < timedelta(hours=5)
    assert sending.finish(digest, at=at)


def test_the_sweep_takes_up_a_digest_that_everybody_forgot(
    bulletin: Bulletin, topics: list[Topic], readers: list[Subscriber], mail_server: MailServer
) -> None:
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    publishing.publish(draft, at=LATER)
    tasks.sweep.delay()
    tasks.sweep.delay()
    assert len(mail_server.mails) == 3
    assert Digest.objects.get().finished_at is not None


def test_an_error_with_one_digest_keeps_no_other_from_being_swept(
    bulletin: Bulletin,
    topics: list[Topic],
    readers: list[Subscriber],
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sound, broken = (
        publishing.publish(a_draft(bulletin, {"Water": topics[0]}), at=LATER + minutes * MINUTE)
        for minutes in (1, 0)
    )
    assert audience.prepare(broken, at=LATER)

    def failing(
        execute: Callable[..., object], sql: str, values: Sequence[object], *rest: object
    ) -> object:
        if sql.startswith("SELECT") and "digests_batch" in sql and broken.pk in values:
            raise OperationalError("a@example.org cannot be read")
        return execute(sql, values, *rest)

    with connection.execute_wrapper(failing):
        tasks.sweep.delay()
    assert Digest.objects.get(finished_at__isnull=False) == sound
    assert f"digest {broken.pk} was not swept: OperationalError" in caplog.text
    assert "@" not in caplog.text


def test_whom_the_mail_server_does_not_know_is_suppressed_and_not_mailed_again(
    bulletin: Bulletin, topics: list[Topic], readers: list[Subscriber], mail_server: MailServer
) -> None:
    mail_server.responses["b@example.org"] = "550 5.1.1 No such mailbox"
    for _ in range(2):
        draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
        publishing.publish(draft, at=LATER)
        tasks.sweep.delay()
        tasks.sweep.delay()
    assert len(mail_server.asked["example.org"]) == 3 + 2
    last = Delivery.objects.get(digest=Digest.objects.latest("pk"), reason=SkipReason.SUPPRESSED)
    assert last.status == DeliveryStatus.EXCLUDED


def test_who_was_deleted_after_the_opening_is_skipped(
    digest: Digest, readers: list[Subscriber], mail_server: MailServer
) -> None:
    readers[0].subscriptions.all().delete()
    # As when the deletion was asked for while the digest was being opened.
    Subscriber.objects.filter(pk=readers[0].pk)._raw_delete(using="default")
    send(digest)
    gone = Delivery.objects.get(status=DeliveryStatus.SKIPPED)
    assert (gone.reason, mail_server.recipients) == (
        SkipReason.LEFT,
        ["b@example.org", "c@example.org"],
    )
    assert sending.finish(digest, at=LATER)


def test_settling_a_delivery_changes_nothing_that_an_index_names() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Delivery._meta.db_table)
    indexed = {name for each in found.values() if each["index"] for name in each["columns"]}
    assert {"digest_id", "subscriber_id", "edition_id"} <= indexed
    assert not indexed & {"status", "reason", "attempts", "due_at", "settled_at", "smtp_response"}
