"""A digest is paused, resumed and cancelled while it is being sent; the accounting holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from digests import sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import claims, due_recipients
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def digest(settings: Settings) -> Digest:
    settings.SEND_SESSIONS = 1
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water"])
    for n in range(5):
        a_reader(bulletin, f"{n}@example.org", topics=topics)
    a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)
    return Digest.objects.get()


def send(digest: Digest) -> int:
    return sending.send(digest, clock=lambda: LATER, seconds=30)


def test_a_paused_digest_waits_and_a_resumed_one_is_sent_once(
    digest: Digest, mail_server: MailServer
) -> None:
    assert sending.pause(digest, at=LATER)
    assert not sending.pause(digest, at=LATER)
    assert send(digest) == 0
    assert not sending.finish(digest, at=LATER)
    assert sending.resume(digest, at=LATER)
    assert send(digest) == 5
    assert len(mail_server.mails) == 5
    assert not sending.resume(digest, at=LATER)


def test_a_worker_sees_the_pause_in_the_midst_of_its_claim(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.sending.worker.FRESH_SECONDS", 0.0)
    clock = iter([LATER] * 9)

    def ticking() -> datetime:
        if next(clock, None) is None:
            sending.pause(digest, at=LATER)
        return LATER

    sending.send(digest, clock=ticking, seconds=30)
    assert 0 < len(mail_server.mails) < 5
    sending.resume(digest, at=LATER)
    send(digest)
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == 5


def test_who_waits_in_a_cancelled_digest_is_skipped_and_the_accounting_holds(
    digest: Digest, mail_server: MailServer
) -> None:
    assert sending.cancel(digest, at=LATER)
    assert send(digest) == 0
    assert sending.finish(digest, at=LATER)
    assert sending.count(digest).skipped == 5
    assert set(Delivery.objects.values_list("reason", flat=True)) == {SkipReason.CANCELLED}
    assert not sending.cancel(digest, at=LATER)


def test_what_a_worker_has_claimed_when_it_is_cancelled_keeps_its_result(digest: Digest) -> None:
    claim = claims.claim(digest, at=LATER, most=5)
    assert claim is not None
    first, *_ = due_recipients.load_due_recipients(claim.name, at=LATER)
    sending.cancel(digest, at=LATER)
    assert sending.count(digest).waiting == 5
    assert not claims.renewed(claim, at=LATER)
    Delivery.objects.filter(pk=first.delivery).update(status=DeliveryStatus.SENT)
    claims.release(claim.name)
    claim.journal.close()
    assert sending.finish(digest, at=LATER)
    counts = sending.count(digest)
    assert (counts.sent, counts.skipped) == (1, 4)


def test_the_command_does_the_same_and_says_when_nothing_changes(
    digest: Digest, mail_server: MailServer
) -> None:
    call_command("steer_digest", "pause", digest.pk)
    with pytest.raises(CommandError):
        call_command("steer_digest", "pause", digest.pk)
    call_command("steer_digest", "resume", digest.pk)
    assert len(mail_server.mails) == 5
    with pytest.raises(CommandError):
        call_command("steer_digest", "cancel", digest.pk)
    with pytest.raises(CommandError):
        call_command("steer_digest", "cancel", 0)


def test_the_page_asks_and_only_the_button_steers(digest: Digest, admin_client: Client) -> None:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    change = reverse("admin:digests_digest_change", args=[digest.pk])
    pause = reverse("admin:digests_digest_lifecycle", args=[digest.pk, "pause"])
    assert pause in admin_client.get(change).content.decode()
    assert "until the digest is resumed" in admin_client.get(pause).content.decode()
    assert not Digest.objects.filter(paused_at__isnull=False).exists()
    admin_client.post(pause)
    assert Digest.objects.filter(paused_at__isnull=False).exists()
    assert "Paused" in admin_client.get(change).content.decode()
    cancel = reverse("admin:digests_digest_lifecycle", args=[digest.pk, "cancel"])
    asked = admin_client.get(cancel).content.decode()
    assert "Stop this mailing for good" in asked
    assert "Go back" in asked
    admin_client.post(cancel)
    assert sending.count(digest).skipped == 5


def test_what_was_cancelled_is_never_called_finished(digest: Digest, admin_client: Client) -> None:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    admin_client.post(reverse("admin:digests_digest_lifecycle", args=[digest.pk, "cancel"]))
    assert sending.finish(digest, at=NOON)
    page = admin_client.get(reverse("admin:digests_digest_change", args=[digest.pk]))
    assert "Stopped for good: 0 of 5 readers got it." in page.content.decode()
    lists = admin_client.get(reverse("admin:digests_digest_changelist"))
    assert "stopped for good" in lists.content.decode()


def test_who_may_not_decide_cannot_pause_resume_or_cancel(digest: Digest, client: Client) -> None:
    reporter = User.objects.create_user("reporter", is_staff=True)
    client.force_login(reporter)
    page = reverse("admin:digests_digest_lifecycle", args=[digest.pk, "cancel"])
    assert client.post(page).status_code == 404  # who may see none is not told that there is one
    reporter.user_permissions.add(Permission.objects.get(codename="view_digest"))
    assert client.post(page).status_code == 403
    assert sending.count(digest).waiting == 5
