"""An operator sees what became of whom, and resolves uncertain deliveries."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from digests import bounces, sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import Decision
from tests.support.returned_mails import LATER, key_of, mail


@pytest.fixture
def digest(delivery: Delivery) -> Digest:
    """A finished digest with one uncertain delivery."""
    assert sending.finish(delivery.digest, at=LATER)
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN, smtp_response="timed out")
    sending.recount(delivery.digest)
    return delivery.digest


@pytest.fixture
def browser(admin_client: Client) -> Client:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def page_of(digest: Digest, page: str = "change") -> str:
    return reverse(f"admin:digests_digest_{page}", args=[digest.pk])


def test_the_page_of_a_digest_leads_to_its_deliveries_by_state(
    browser: Client, digest: Digest
) -> None:
    page = browser.get(page_of(digest)).content.decode()
    links = re.findall(r'href="([^"]+)" data-count="(\w+)">(\d+)<', page)
    assert [(name, count) for _, name, count in links if count != "0"] == [
        ("readers", "1"),
        ("uncertain", "1"),
    ]
    for link, _, count in links:
        listed = browser.get(link.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert listed.content.decode().count('class="field-digest') == int(count)


def test_the_page_asks_and_only_the_button_decides(browser: Client, digest: Digest) -> None:
    assert page_of(digest, "uncertain") in browser.get(page_of(digest)).content.decode()
    asked = browser.get(page_of(digest, "uncertain")).content.decode()
    assert "timed out" in asked
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    browser.post(page_of(digest, "uncertain"), {"decision": "perhaps"})
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN


def test_counting_as_sent_is_done_once_and_logged(browser: Client, digest: Digest) -> None:
    for _ in range(2):
        answer = browser.post(page_of(digest, "uncertain"), {"decision": "sent"})
        assert answer.status_code == 302
    assert Delivery.objects.get().status == DeliveryStatus.SENT
    assert "1 uncertain delivery counts as sent." in LogEntry.objects.get().change_message
    page = browser.get(page_of(digest)).content.decode()
    assert "every reader is accounted for" in page
    assert (
        "no uncertain deliveries any more"
        in browser.get(page_of(digest, "uncertain")).content.decode()
    )


def test_sending_again_sends_the_same_message_and_finishes_anew(
    browser: Client, digest: Digest, mailoutbox: list[EmailMessage]
) -> None:
    browser.post(page_of(digest, "uncertain"), {"decision": "again"})
    digest.refresh_from_db()
    assert len(mailoutbox) == 1
    assert Delivery.objects.get().status == DeliveryStatus.SENT
    assert digest.finished_at is not None
    assert sending.count(digest).balanced


def test_while_it_is_sent_again_the_digest_is_not_finished(digest: Digest) -> None:
    assert sending.resolve_uncertain(digest, Decision.SEND_AGAIN, at=LATER) == 1
    assert sending.resolve_uncertain(digest, Decision.SEND_AGAIN, at=LATER) == 0
    assert Digest.objects.unfinished().get() == digest
    assert not sending.finish(digest, at=LATER)


def test_who_may_only_look_cannot_decide(digest: Digest, client: Client) -> None:
    reporter = User.objects.create_user("reporter", is_staff=True)
    reporter.user_permissions.add(Permission.objects.get(codename="view_digest"))
    client.force_login(reporter)
    page = client.get(page_of(digest))
    assert page.status_code == 200
    assert page_of(digest, "uncertain") not in page.content.decode()
    assert client.post(page_of(digest, "uncertain"), {"decision": "sent"}).status_code == 403
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN


def test_what_came_back_stands_with_its_delivery_and_in_a_list(
    browser: Client, digest: Digest, delivery: Delivery
) -> None:
    bounces.receive(mail("postfix-full", key_of(delivery)), at=LATER)
    for page in (
        reverse("admin:digests_delivery_change", args=[delivery.pk]),
        reverse("admin:digests_feedback_changelist"),
        page_of(digest),
    ):
        assert "bounced: may pass" in browser.get(page).content.decode()
