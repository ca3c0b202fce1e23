"""An editor mends a published article, and sends a correction to those who got it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client
from lxml import html
from pytest_django import DjangoCaptureOnCommitCallbacks

from digests import sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from issues.models import Article, Issue, Section
from publications.models import Topic
from tests.support.browsing import Page
from tests.support.factories import a_reader, an_issue, weather

pytestmark = pytest.mark.django_db

REMARK = "It rained 12 mm, not 120 mm."


@pytest.fixture
def issue(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Issue:
    """Published, with the sections Rain and Wind, and mailed to Ann and Li who follow Rain and
    to Ben who follows Wind."""
    issue = an_issue(weather(), status=Issue.Status.DRAFT)
    rain, wind = Topic.objects.order_by("pk")
    a_reader(issue.bulletin, "ann@reader.example", topics=[rain])
    a_reader(issue.bulletin, "li@reader.example", topics=[rain], language="zh-hans")
    a_reader(issue.bulletin, "ben@reader.example", topics=[wind])
    with django_capture_on_commit_callbacks(execute=True):
        opened(editor, issue).follow("Publish …").press("publish")
    mail.outbox.clear()
    return issue


def opened(editor: Client, issue: Issue) -> Page:
    return Page.at(editor, f"/admin/issues/issue/{issue.pk}/change/")


def asked(editor: Client, issue: Issue, *, remark: str = REMARK) -> Page:
    """The page that asks whether to send, after Much rain was chosen."""
    page = opened(editor, issue).follow("Send a correction …")
    wrong = Article.objects.get(title="Much rain").pk
    return Page.at(editor, page.path, {"articles": [str(wrong)], "remark": [remark]})


def test_before_anything_is_sent_the_editor_sees_how_many_it_reaches(
    editor: Client, issue: Issue
) -> None:
    page = asked(editor, issue)
    assert "1 reader in English gets it." in page.text
    assert "1 reader in Simplified Chinese gets it." in page.text
    assert REMARK in page.text
    assert Digest.objects.count() == 1
    assert mail.outbox == []


def shown(page: Page) -> dict[str, str]:
    """The mails that a page shows, by what they are called."""
    return {
        str(frame.get("title")): str(frame.get("srcdoc"))
        for frame in html.document_fromstring(page.text).iter("iframe")
    }


def test_before_anything_is_sent_the_editor_sees_the_mails(editor: Client, issue: Issue) -> None:
    mails = shown(asked(editor, issue))
    assert list(mails) == [
        "The mail in Simplified Chinese, as a reader of all sections gets it",
        "The mail in English, as a reader of all sections gets it",
    ]
    for mailed in mails.values():
        assert REMARK in mailed
        assert "Much rain" in mailed
        assert "Little rain" not in mailed


def test_a_proof_of_a_correction_goes_to_the_editor_alone(editor: Client, issue: Issue) -> None:
    page = asked(editor, issue).press("proof", "_proof", address="editor@office.example")
    assert "A proof in each language was sent to editor@office.example." in page.text
    assert [message.to for message in mail.outbox] == [["editor@office.example"]] * 2
    assert {message.subject for message in mail.outbox} == {
        "Proof: Correction: Much rain",
        "【校样】更正：Much rain",
    }
    assert all(REMARK in str(message.body) for message in mail.outbox)
    assert Digest.objects.count() == 1
    assert "The correction is on its way." in page.press("correction", "_send").text


def test_a_proof_of_a_correction_goes_to_no_address_that_is_none(
    editor: Client, issue: Issue
) -> None:
    page = asked(editor, issue).press("proof", "_proof", address="nobody")
    assert 'class="errorlist"' in page.text
    assert 'name="_send"' in page.text
    assert mail.outbox == []


def test_the_editor_sees_of_how_many_nobody_knows_whether_they_got_it(
    editor: Client, issue: Issue
) -> None:
    assert "nobody knows" not in asked(editor, issue).text
    ann = Delivery.objects.filter(subscriber__address="ann@reader.example")
    ann.update(status=DeliveryStatus.UNCERTAIN)
    sending.recount(issue.digests.get())
    page = asked(editor, issue)
    assert "1 reader may have got one of the articles, and nobody knows" in page.text
    assert "in English gets it." not in page.text
    assert "uncertain" in page.follow("Decide about them").text


def test_what_was_written_of_a_correction_can_be_changed_before_it_is_sent(
    editor: Client, issue: Issue
) -> None:
    page = asked(editor, issue).press("correction", "_again")
    fields = page.fields("correction")
    assert fields["remark"] == [REMARK]
    assert fields["articles"] == [str(Article.objects.get(title="Much rain").pk)]


def test_an_article_whose_section_has_another_topic_by_now_is_refused_with_the_reason(
    editor: Client, issue: Issue
) -> None:
    section = Section.objects.get(articles__title="Much rain")
    section.topic = Topic.objects.create(
        bulletin=issue.bulletin, name_en="Snow", name_zh="雪", position=9
    )
    section.save()
    page = asked(editor, issue)
    assert "cannot be printed" in page.text
    assert 'name="_send"' not in page.text


def test_pressed_twice_it_is_sent_once(
    editor: Client,
    issue: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = asked(editor, issue)
    for sentence in ("The correction is on its way.", "This correction was sent before."):
        with django_capture_on_commit_callbacks(execute=True):
            assert sentence in page.press("correction", "_send").text
    recipients = [to for message in mail.outbox for to in message.to]
    assert sorted(recipients) == ["ann@reader.example", "li@reader.example"]
    assert Digest.objects.count() == 2
    assert LogEntry.objects.filter(change_message__contains="Correction").count() == 1
    assert REMARK in opened(editor, issue).text


def test_a_remark_of_several_lines_is_the_same_when_it_is_pressed_twice(
    editor: Client, issue: Issue
) -> None:
    page = asked(editor, issue, remark="One line.\r\nAnother line.")
    for _ in range(2):
        page.press("correction", "_send")
    (correction,) = Digest.objects.exclude(corrects=None)
    assert correction.remark == "One line.\nAnother line."


def test_the_archive_says_when_what_was_corrected(
    editor: Client, issue: Issue, client: Client
) -> None:
    asked(editor, issue).press("correction", "_send")
    english = {"accept-language": "en"}
    found = {
        article.title: client.get(
            f"/b/weather/issues/{issue.pk}/articles/{article.pk}/", headers=english
        ).content.decode()
        for article in Article.objects.all()
    }
    contents = client.get(f"/b/weather/issues/{issue.pk}/", headers=english).content.decode()
    for page in (found["Much rain"], contents):
        assert "Corrected on" in page
        assert REMARK in page
    assert "Corrected on" not in found["Little rain"]


def test_what_is_missing_is_said_and_nothing_is_asked(editor: Client, issue: Issue) -> None:
    page = opened(editor, issue).follow("Send a correction …").press("correction", "_send")
    assert page.text.count('class="errorlist"') == 2
    assert Digest.objects.count() == 1


def test_when_nobody_got_the_article_there_is_nothing_to_press(
    editor: Client, issue: Issue
) -> None:
    issue.bulletin.subscribers.all().delete()
    page = asked(editor, issue)
    assert "nobody would get it" in page.text
    assert 'name="_send"' not in page.text


def test_a_draft_has_no_correction(editor: Client) -> None:
    draft = an_issue(weather("drafts"), status=Issue.Status.DRAFT)
    assert "Send a correction" not in opened(editor, draft).text
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/correct/")
    assert "Only what was published can be corrected by mail." in page.text


def test_who_may_only_look_sends_no_correction(client: Client, issue: Issue) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_issue"))
    client.force_login(clerk)
    assert Page.at(client, f"/admin/issues/issue/{issue.pk}/correct/").status == 403
