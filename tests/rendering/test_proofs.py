"""A proof shows an editor the mails of an issue; it is no delivery."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from digests import rendering
from digests.models import Delivery, Digest
from digests.rendering.messages import MessageRenderer
from issues import proof_tokens
from issues.models import Article, Issue
from issues.models.issue import figure_path
from pdf_reading.issue_text import StoredFigure
from publications.models import Bulletin, Topic
from tests.support.browsing import Page
from tests.support.factories import NOW, PNG, a_draft, a_long_draft, a_reader
from tests.support.messages import RenderedDigest

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def draft(bulletin: Bulletin, topics: list[Topic]) -> Issue:
    a_reader(bulletin, "ann@reader.example", topics=topics)
    return a_long_draft(bulletin, topics, articles=2)


def send_proof(client: Client, issue: Issue, *, to: str) -> str:
    """The page after the button was pressed."""
    path = f"/admin/issues/issue/{issue.pk}/proof/"
    return client.post(path, {"address": to}, follow=True, headers=ENGLISH).content.decode()


def test_a_proof_goes_to_one_address_in_each_language_and_nowhere_else(
    admin_client: Client, draft: Issue
) -> None:
    page = send_proof(admin_client, draft, to="editor@office.example")
    assert "A proof in each language was sent to editor@office.example." in page
    assert [message.to for message in mail.outbox] == [["editor@office.example"]] * 2
    subjects = [message.subject for message in mail.outbox]
    assert subjects[0].startswith("【校样】")
    assert subjects[1].startswith("Proof: News of Water")
    assert not Delivery.objects.exists()
    assert not Digest.objects.exists()
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT


def test_a_preview_that_is_not_stored_has_a_page_for_a_reader(
    rendered_digest: RenderedDigest,
) -> None:
    stored = rendered_digest.digest
    preview = rendering.preview_of(stored.own_issue, at=stored.opened_at)
    everything = rendered_digest.delivery(topic_mask=rendered_digest.everything)
    assert MessageRenderer(preview).page(everything).count("<h2") == 3


def test_a_proof_has_every_section_and_no_readers_links(admin_client: Client, draft: Issue) -> None:
    send_proof(admin_client, draft, to="editor@office.example")
    proof = mail.outbox[1]
    assert isinstance(proof, mail.EmailMultiAlternatives)
    html = str(proof.alternatives[0][0])
    assert len(re.findall(r"<h2", html)) == 3
    assert "/leave/" not in html
    paths = re.findall(r'href="https?://[^/]+(/[^"#]*)', html)
    pages = [path for path in paths if not path.endswith("/pdf/")]
    assert {admin_client.get(path).status_code for path in pages} == {200}
    assert "List-Unsubscribe" not in proof.extra_headers


def test_the_page_offers_the_editors_own_address(admin_client: Client, draft: Issue) -> None:
    page = admin_client.get(f"/admin/issues/issue/{draft.pk}/proof/")
    assert b'value="admin@example.com"' in page.content


def test_what_is_no_address_is_refused(admin_client: Client, draft: Issue) -> None:
    assert 'class="errorlist"' in send_proof(admin_client, draft, to="nobody")
    assert mail.outbox == []


def test_a_draft_without_a_mailed_section_says_why_there_is_no_proof(
    admin_client: Client, bulletin: Bulletin
) -> None:
    draft = a_draft(bulletin, {"Gossip": None})
    page = send_proof(admin_client, draft, to="editor@office.example")
    assert "cannot be printed" in page
    assert mail.outbox == []


def test_who_may_not_change_issues_gets_no_proof(client: Client, draft: Issue) -> None:
    send_proof(client, draft, to="stranger@example.org")
    assert mail.outbox == []


def pictured(issue: Issue) -> str:
    """The address of the picture that each article of the issue has."""
    default_storage.save(figure_path(issue, "cloud.png"), ContentFile(PNG))
    figure = StoredFigure("A cloud", 1, "cloud.png")
    Article.objects.filter(section__issue=issue).update(passages=(figure,))
    return f"/b/{issue.bulletin.slug}/issues/{issue.pk}/figures/cloud.png"


def test_whoever_opens_a_proof_sees_the_pictures_of_the_draft(
    admin_client: Client, client: Client, draft: Issue
) -> None:
    address = pictured(draft)
    send_proof(admin_client, draft, to="editor@office.example")
    proof = mail.outbox[1]
    assert isinstance(proof, mail.EmailMultiAlternatives)
    (shown,) = set(re.findall(r'src="https?://[^/]+([^"]+)"', str(proof.alternatives[0][0])))
    picture = client.get(shown)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture["Cache-Control"] == "private, no-cache"
    assert b"".join(picture)  # to its end, which closes it
    page = shown.partition("?")[2]
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?{page[:-1]}").status_code == 404
    assert client.get(f"/b/{draft.bulletin.slug}/issues/{draft.pk}/?{page}").status_code == 404


def test_what_readers_get_and_what_publishing_shows_has_plain_addresses(
    admin_client: Client, draft: Issue
) -> None:
    address = pictured(draft)
    page = Page.at(admin_client, f"/admin/issues/issue/{draft.pk}/publish/")
    (first, *_others) = re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)
    mail = Page.at(admin_client, first.replace("&amp;", "&")).text
    assert address in mail
    assert "?proof=" not in mail


def test_a_token_of_a_proof_is_good_for_its_issue_and_some_days(draft: Issue) -> None:
    token = proof_tokens.token(draft, at=NOW)
    assert proof_tokens.opens(token, issue_pk=draft.pk, at=NOW + timedelta(days=13))
    assert not proof_tokens.opens(token, issue_pk=draft.pk, at=NOW + timedelta(days=14))
    assert not proof_tokens.opens(token, issue_pk=draft.pk + 1, at=NOW)
    assert not proof_tokens.opens("x" * 36, issue_pk=draft.pk, at=NOW)
