"""Readers wait for the rate limit of their mail provider, and bulletins keep their own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from redis import Redis

from digests import audience, publishing, reporting, sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import claims, due_recipients
from digests.sending.rate_limits import RateLimiter
from mail.delivery import Deferred, Outcome, ServerUnreachable
from mail.rate_limits import circuit_breakers
from mail.rate_limits.providers import Provider
from mail.rate_limits.rates import Rate
from publications.models import Bulletin
from tests.support.factories import NOON, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.redis, pytest.mark.usefixtures("counting")]

LATER = NOON + timedelta(hours=1)
QQ = Provider("qq.com", Rate(4, 60, burst=4))


@pytest.fixture
def digest(bulletin: Bulletin) -> Digest:
    """A digest for ten readers at QQ and two elsewhere."""
    topics = topics_of(bulletin, ["Water"])
    for n in range(10):
        a_reader(bulletin, f"{n}@{'qq.com' if n % 2 else 'foxmail.com'}", topics=topics)
    for name in ("a", "b"):
        a_reader(bulletin, f"{name}@example.org", topics=topics)
    opened = publishing.publish(a_draft(bulletin, {"Water": topics[0]}), at=NOON)
    audience.prepare(opened, at=NOON)
    return opened


def send(digest: Digest, *, at: datetime = LATER) -> int:
    return sending.send(digest, clock=lambda: at, seconds=30)


def domains(mail_server: MailServer) -> Counter[str]:
    return Counter(recipient.partition("@")[2] for recipient in mail_server.recipients)


def test_those_who_are_too_many_for_their_provider_wait_and_the_others_do_not(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.PROVIDERS = {"qq.com": QQ, "foxmail.com": QQ}
    send(digest)
    got = domains(mail_server)
    assert got["example.org"] == 2
    assert got["qq.com"] + got["foxmail.com"] == 4
    waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED, reason=SkipReason.RATE_LIMITED)
    assert waiting.count() == 6
    assert {each.attempts for each in waiting} == {0}
    assert reporting.report(digest, at=LATER).reasons == {SkipReason.RATE_LIMITED: 6}


def test_their_tokens_come_one_after_another_as_fast_as_the_rate(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.PROVIDERS = {"qq.com": QQ, "foxmail.com": QQ}
    send(digest)
    due = Delivery.objects.filter(status=DeliveryStatus.QUEUED).order_by("due_at")
    turns = [(each - LATER).total_seconds() for each in due.values_list("due_at", flat=True)]
    assert turns == pytest.approx([15 * n for n in range(1, 7)], abs=5)


def test_when_there_are_tokens_everybody_gets_one_mail(
    digest: Digest, mail_server: MailServer, settings: Settings, counting: Redis
) -> None:
    settings.PROVIDERS = {"qq.com": QQ, "foxmail.com": QQ}
    for minutes in range(4):
        counting.flushdb()  # as a minute does that passes
        send(digest, at=LATER + timedelta(minutes=2 * minutes))
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 12
    assert sending.finish(digest, at=LATER)
    assert set(Delivery.objects.values_list("reason", flat=True)) == {""}


def test_a_provider_that_puts_off_several_in_a_row_is_not_asked_for_the_rest(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_SESSIONS = 1
    for n in range(10):
        mail_server.responses[f"{n}@qq.com"] = "451 4.7.1 Too many messages"
    send(digest)
    assert domains(mail_server) == {"foxmail.com": 5, "example.org": 2}
    waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED)
    asked = len(mail_server.asked["qq.com"])
    assert sorted(each.attempts for each in waiting) == [0] * (5 - asked) + [1] * asked
    assert {each.smtp_response for each in waiting} == {"451 4.7.1 Too many messages"}
    assert len(mail_server.asked["qq.com"]) <= 4  # one is on its way when the third comes back
    assert list(circuit_breakers.all_open()) == ["qq.com"]


def test_while_its_circuit_breaker_is_open_nobody_tries_it_and_no_attempt_is_counted(
    digest: Digest, mail_server: MailServer
) -> None:
    circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    for minutes in range(20):
        send(digest, at=LATER + timedelta(minutes=minutes))
    assert "qq.com" not in mail_server.asked
    assert domains(mail_server) == {"foxmail.com": 5, "example.org": 2}
    waiting = Delivery.objects.filter(
        status=DeliveryStatus.QUEUED, attempts=0, smtp_response="451 Later"
    )
    assert waiting.count() == 5
    assert all(each.due_at > LATER + timedelta(minutes=19, seconds=20) for each in waiting)


def test_what_a_provider_defers_for_hours_expires(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(circuit_breakers, "FIRST_OPEN_SECONDS", 0.0)
        for _ in range(12):  # the waits of twelve in a row are over
            circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    send(digest)
    expired = Delivery.objects.filter(status=DeliveryStatus.FAILED, reason=SkipReason.EXPIRED)
    assert [each.smtp_response for each in expired] == ["451 Later"] * 5
    assert sending.finish(digest, at=LATER)


def test_a_provider_that_takes_mail_again_is_as_others(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breakers, "FIRST_OPEN_SECONDS", 0.0)
    circuit_breakers.open_circuit("qq.com", reason="451 Later", max_seconds=1800)
    send(digest)
    assert len(mail_server.recipients) == 12
    assert circuit_breakers.open_circuits(["qq.com"]) == {}


def test_policy_of_a_provider_costs_a_few_readers_and_not_all(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.SEND_SESSIONS = 1
    for n in range(10):
        mail_server.responses[f"{n}@qq.com"] = "550 5.7.515 Access denied, SPF and DKIM must pass"
    send(digest)
    failed = Delivery.objects.filter(status=DeliveryStatus.FAILED).count()
    assert 3 <= failed <= 4
    assert Delivery.objects.filter(status=DeliveryStatus.QUEUED).count() == 5 - failed


def test_mailboxes_that_are_gone_say_nothing_of_their_provider(
    digest: Digest, mail_server: MailServer
) -> None:
    for n in range(10):
        mail_server.responses[f"{n}@qq.com"] = "550 5.1.1 No such mailbox"
    send(digest)
    assert Delivery.objects.filter(status=DeliveryStatus.FAILED).count() == 5
    assert circuit_breakers.open_circuits(["qq.com"]) == {}


@pytest.mark.parametrize(
    "outcome", [Deferred("the connection ended"), ServerUnreachable("Try later", 421)]
)
def test_a_relay_that_is_away_says_nothing_of_any_provider(
    outcome: Outcome, digest: Digest
) -> None:
    claim = claims.claim(digest, at=LATER, most=500)
    assert claim is not None
    found = due_recipients.load_due_recipients(claim.name, at=LATER)
    limiter = RateLimiter(digest.bulletin)
    limiter.record([(each.delivery, outcome) for each in limiter.take(found, at=LATER)])
    assert circuit_breakers.all_open() == {}
    claim.journal.close()


def test_a_bulletin_keeps_its_own_rate_limit(
    digest: Digest, mail_server: MailServer, bulletin: Bulletin
) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(rate_limit=10)
    digest.bulletin.refresh_from_db()
    send(digest)
    assert len(mail_server.recipients) == 5  # what half a minute allows goes at once
    assert sending.count(digest).waiting == 7
    assert send(digest) == 0


def test_a_bulletin_with_a_rate_limit_ends_with_one_mail_for_each(
    digest: Digest, mail_server: MailServer, bulletin: Bulletin, counting: Redis
) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(rate_limit=10)
    digest.bulletin.refresh_from_db()
    for minutes in range(4):
        counting.flushdb()
        send(digest, at=LATER + timedelta(minutes=minutes))
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 12
    assert sending.finish(digest, at=LATER)


def test_without_redis_those_who_have_a_rate_limit_wait_and_the_others_get_their_mail(
    digest: Digest, mail_server: MailServer, settings: Settings
) -> None:
    settings.PROVIDERS = {"qq.com": QQ}
    settings.REDIS_SOCKET = settings.REDIS_SOCKET.with_name("nobody")
    send(digest)
    assert domains(mail_server) == {"foxmail.com": 5, "example.org": 2}
    assert (
        Delivery.objects.filter(
            status=DeliveryStatus.QUEUED, reason=SkipReason.RATE_LIMITED
        ).count()
        == 5
    )
