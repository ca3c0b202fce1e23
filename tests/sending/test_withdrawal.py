"""A mailing under way of what is withdrawn is paused, and goes on without it or not at all."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from digests import audience, sending, withdrawal
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.rendering.delivery_tokens import EDITION
from digests.sending import claims
from digests.sending.lifecycle import Hold
from digests.tasks import send_digest
from foundation.tokens import TokenSigner
from issues.models import Article, Issue
from publications.models import Topic
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
SOON = LATER + timedelta(seconds=1)
AFTERWARDS = LATER + timedelta(minutes=1)


@pytest.fixture
def topics() -> list[Topic]:
    return topics_of(a_bulletin(), ["Water", "Energy"])


@pytest.fixture
def digest(topics: list[Topic], settings: Settings) -> Digest:
    """Two readers of both sections, and one of Water alone."""
    settings.SEND_SESSIONS = 1
    bulletin = topics[0].bulletin
    for name in ("a", "b"):
        a_reader(bulletin, f"{name}@example.org", topics=topics)
    a_reader(bulletin, "c@example.org", topics=topics[:1])
    return a_digest(a_draft(bulletin, {one.name_en: one for one in topics}), at=LATER)


def of(title: str) -> Article:
    return Article.objects.select_related("section__issue").get(section__title=title)


def text_of(mail: bytes) -> str:
    body = message_from_bytes(mail, policy=policy.default).get_body(("html",))
    assert body
    return str(body.get_content())


def send(digest: Digest) -> int:
    fresh = Digest.objects.select_related("bulletin").get(pk=digest.pk)
    return sending.send(fresh, clock=lambda: AFTERWARDS, seconds=30)


def test_a_mailing_goes_on_without_an_article_that_was_withdrawn(
    digest: Digest, mail_server: MailServer
) -> None:
    done = withdrawal.withdraw_article(of("Water"), because="", at=SOON)
    assert done == (True, (digest,))
    assert not withdrawal.withdraw_article(of("Water"), because="", at=SOON).new
    assert send(digest) == 0
    assert sending.resume(digest, at=AFTERWARDS)
    assert send(digest) == 2
    assert set(mail_server.recipients) == {"a@example.org", "b@example.org"}
    for _, mail in mail_server.mails:
        text = text_of(mail)
        assert "News of Energy" in text
        assert "News of Water" not in text
    skipped = Delivery.objects.get(status=DeliveryStatus.SKIPPED)
    assert (skipped.subscriber and skipped.subscriber.address, skipped.reason) == (
        "c@example.org",
        SkipReason.WITHDRAWN,
    )
    assert sending.finish(digest, at=AFTERWARDS)


def test_it_is_not_resumed_while_a_worker_may_have_mails_with_it_in_hand(digest: Digest) -> None:
    claim = claims.claim(digest, at=LATER, most=3)
    assert claim
    withdrawal.withdraw_article(of("Water"), because="", at=SOON)
    assert not claims.renewed(claim, at=LATER)
    assert sending.what_holds(digest, at=AFTERWARDS) is Hold.IN_HAND
    assert not sending.resume(digest, at=AFTERWARDS)
    claims.give_back(claim)
    claim.journal.close()
    assert not sending.resume(digest, at=SOON + timedelta(seconds=5))
    assert sending.resume(digest, at=AFTERWARDS)


def test_of_a_withdrawn_issue_nobody_gets_more_until_it_is_put_back(
    digest: Digest, mail_server: MailServer
) -> None:
    issue = Issue.objects.get()
    done = withdrawal.withdraw_issue(issue, because="", at=AFTERWARDS)
    assert done == (True, (digest,))
    assert not withdrawal.withdraw_issue(issue, because="", at=AFTERWARDS).new
    assert sending.what_holds(digest, at=AFTERWARDS) is Hold.WITHDRAWN
    assert not sending.resume(digest, at=AFTERWARDS)
    Digest.objects.update(paused_at=None)  # whatever else would let it go on
    send_digest(digest.pk)
    assert not mail_server.mails
    assert withdrawal.restore_issue(issue)
    assert not withdrawal.restore_issue(issue)
    send_digest(digest.pk)
    assert len(mail_server.mails) == 3


def test_a_mailing_that_was_stopped_for_good_ends_also_of_a_withdrawn_issue(
    digest: Digest,
) -> None:
    claim = claims.claim(digest, at=LATER, most=3)
    assert claim
    withdrawal.withdraw_issue(Issue.objects.get(), because="", at=AFTERWARDS)
    sending.cancel(digest, at=AFTERWARDS)
    claims.give_back(claim)
    claim.journal.close()
    send_digest(digest.pk)
    digest.refresh_from_db()
    assert digest.finished_at


def test_a_correction_says_that_an_article_was_withdrawn_and_repeats_nothing_of_it(
    digest: Digest, mail_server: MailServer
) -> None:
    send(digest)
    assert sending.finish(digest, at=AFTERWARDS)
    article = of("Water")
    withdrawal.withdraw_article(article, because="", at=AFTERWARDS)
    at = AFTERWARDS + timedelta(minutes=1)
    draft = audience.drafted(digest, articles=[article.pk], remark="It was wrong.", at=at)
    correction, _ = audience.open_correction(draft)
    assert audience.prepare(correction, at=at)
    correction.refresh_from_db()
    sending.send(correction, clock=lambda: at, seconds=30)
    mails = mail_server.mails[3:]
    assert len(mails) == 3
    for _, mail in mails:
        text = text_of(mail)
        assert "This article was withdrawn." in text
        assert "What is new about Water" not in text


def page_of(digest: Digest, client: Client, name: str) -> tuple[int, str]:
    delivery = Delivery.objects.get(subscriber__address=f"{name}@example.org")
    second = int(digest.opened_at.timestamp())
    digest.refresh_from_db()
    token = TokenSigner(EDITION).token(delivery.pk, digest.link_key, at=second).decode()
    address = reverse("digests:edition", args=[token])
    answer = client.get(address, headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def test_a_mail_in_the_browser_forgets_what_was_withdrawn(digest: Digest, client: Client) -> None:
    withdrawal.withdraw_article(of("Water"), because="", at=AFTERWARDS)
    status, page = page_of(digest, client, "a")
    assert (status, "News of Energy" in page) == (HTTPStatus.OK, True)
    assert "News of Water" not in page
    status, page = page_of(digest, client, "c")
    assert (status, "The publisher has withdrawn" in page) == (410, True)
    assert withdrawal.restore_article(of("Water"))
    assert not withdrawal.restore_article(of("Water"))
    assert "News of Water" in page_of(digest, client, "c")[1]
    withdrawal.withdraw_issue(Issue.objects.get(), because="", at=AFTERWARDS)
    assert page_of(digest, client, "a")[0] == 410


def test_a_draft_that_was_taken_back_is_not_mailed_with_an_article_withdrawn_before(
    topics: list[Topic],
) -> None:
    issue = a_draft(topics[0].bulletin, {one.name_en: one for one in topics})
    Article.objects.filter(section__title="Water").update(withdrawn_at=NOON)
    titles = [one.title for one in Digest.draft(issue, at=LATER).articles()]
    assert titles == ["News of Energy"]
