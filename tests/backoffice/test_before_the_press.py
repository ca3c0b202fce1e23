"""What an editor sees before an issue is published: the mails, as readers get them; warnings."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from digests import preview, publish_warnings
from digests.publish_warnings import Kind
from issues import transfer
from issues.editing.history import Submission
from issues.models import Article, Issue, IssueFile
from issues.models.issue import figure_path
from pdf_reading.issue_text import Link, Paragraph, StoredFigure
from publications.models import Topic
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert, Subscriber
from tests.support.browsing import Page
from tests.support.factories import NOW, PNG, a_bulletin, a_reader, an_article, an_issue, weather

pytestmark = pytest.mark.django_db
SENT = Submission(by=None, made_from=0, at=NOW)


def publish_page(issue: Issue) -> str:
    return f"/admin/issues/issue/{issue.pk}/publish/"


def frames_of(page: Page) -> list[dict[str, str]]:
    frames = html.document_fromstring(page.text).iter("iframe")
    return [{str(name): str(value) for name, value in frame.items()} for frame in frames]


@pytest.fixture
def readers(draft: Issue) -> list[Subscriber]:
    """One of Rain, two of Wind, two of both in Chinese, one of nothing."""
    rain, wind = draft.bulletin.topics.all()
    return [
        a_reader(draft.bulletin, "rain@reader.example", topics=[rain], name="Ann <b>Rain</b>"),
        a_reader(draft.bulletin, "wind@reader.example", topics=[wind]),
        a_reader(draft.bulletin, "gale@reader.example", topics=[wind]),
        a_reader(draft.bulletin, "beide@reader.example", topics=[rain, wind], language="zh-hans"),
        a_reader(draft.bulletin, "liang@reader.example", topics=[rain, wind], language="zh-hans"),
        a_reader(draft.bulletin, "none@reader.example"),
    ]


def test_the_editions_that_stand_out_are_shown(draft: Issue, readers: list[Subscriber]) -> None:
    found = preview.preview_publishing(draft, at=NOW)
    assert found.reached == {"en": 3, "zh-hans": 2}
    assert found.unreached == 1
    editions = {
        (one.language, one.names): (one.readers, [str(each) for each in one.sections])
        for one in found.editions
    }
    assert editions == {
        ("zh-hans", ("largest", "commonest", "smallest")): (2, ["Rain", "Wind"]),
        ("en", ("largest",)): (0, ["Rain", "Wind"]),
        ("en", ("commonest", "smallest")): (2, ["Wind"]),
    }
    assert {one.subject for one in found.editions} == {
        "Much rain · No wind · Little rain",
        "No wind",
    }
    assert all(one.preheader for one in found.editions)


def test_of_very_many_readers_the_first_are_counted_for_what_stands_out(
    draft: Issue, readers: list[Subscriber], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.preview.MAX_SAMPLE", 2)
    found = preview.preview_publishing(draft, at=NOW)
    assert (found.reached, found.unreached) == ({"en": 3, "zh-hans": 2}, 1)
    assert {one.language: one.readers for one in found.editions if one.readers} == {"en": 1}


def test_the_page_shows_who_it_is_from_and_loads_each_mail_from_its_own_address(
    editor: Client, draft: Issue, readers: list[Subscriber]
) -> None:
    page = Page.at(editor, publish_page(draft))
    assert "The weather &lt;letters@example.org&gt;" in page.text
    assert "Much rain · No wind" in page.text
    frames = frames_of(page)
    assert len(frames) == 6  # three editions, each on a phone and in a wide window
    for frame in frames:
        assert frame["loading"] == "lazy"
        assert "srcdoc" not in frame
        answer = editor.get(frame["src"])
        assert answer.status_code == HTTPStatus.OK
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert "News" in answer.content.decode() or "No wind" in answer.content.decode()
    assert "frame-src 'self'" in editor.get(publish_page(draft)).headers["Content-Security-Policy"]


@pytest.mark.parametrize("part", ["en/0", "en/4", "en/999999999999999999999", "fr/1"])
def test_an_edition_that_cannot_be_is_not_found(editor: Client, draft: Issue, part: str) -> None:
    answer = editor.get(f"/admin/issues/issue/{draft.pk}/mail/{part}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_page_asks_the_same_number_of_questions_however_many_readers_and_articles(
    editor: Client, draft: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Page.at(editor, publish_page(draft))  # content types are asked for once in a process
    with CaptureQueriesContext(connection) as few:
        Page.at(editor, publish_page(draft))
    topics = list(draft.bulletin.topics.all())
    for n in range(20):
        a_reader(draft.bulletin, f"{n}@reader.example", topics=topics[: n % 3])
        an_article(draft.sections.all()[n % 2], f"Article {n}", position=n + 9)
    with django_assert_num_queries(len(few)):
        Page.at(editor, publish_page(draft))
    with django_assert_num_queries(9):
        editor.get(f"/admin/issues/issue/{draft.pk}/mail/en/1/")


def searched(editor: Client, draft: Issue, term: str) -> Page:
    page = Page.at(editor, publish_page(draft)).press("find-reader", q=term)
    assert "reader.example" not in page.path
    return page


def test_an_editor_sees_it_as_a_reader_who_is_searched_for(
    editor: Client, draft: Issue, readers: list[Subscriber]
) -> None:
    for term in ("rain@reader.example", "ＲＡＩＮ@reader.example", "Ann", "rain@"):
        page = searched(editor, draft, term).follow("rain@reader.example")
        assert page.status == 200
    assert "The weather &lt;letters@example.org&gt;" in page.text
    phone, wide = frames_of(page)
    assert phone["src"] == wide["src"]
    mail = editor.get(phone["src"]).content.decode()
    assert "Hello Ann &lt;b&gt;Rain&lt;/b&gt;!" in mail
    assert "Much rain" in mail
    assert "No wind" not in mail
    assert "/preferences/" not in mail  # nobody acts for the reader
    assert "No reader of this bulletin" in searched(editor, draft, "nobody at all").text


def test_keyword_alerts_and_the_format_of_a_reader_count(
    editor: Client, draft: Issue, readers: list[Subscriber]
) -> None:
    KeywordAlert.objects.create(subscriber=readers[5], phrase="wind", key=phrase_of("wind").key)
    Subscriber.objects.filter(pk=readers[5].pk).update(format=Subscriber.Format.TEXT)
    answer = editor.get(f"/admin/issues/issue/{draft.pk}/as-reader/{readers[5].pk}/mail/")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "No wind" in answer.content.decode()
    assert "Much rain" not in answer.content.decode()


def test_the_page_says_why_somebody_gets_nothing(
    editor: Client, draft: Issue, readers: list[Subscriber]
) -> None:
    address = f"/admin/issues/issue/{draft.pk}/as-reader/"
    page = Page.at(editor, f"{address}{readers[5].pk}/")
    assert "follows nothing in this issue" in page.text
    Subscriber.objects.filter(pk=readers[0].pk).update(paused_until=NOW.replace(year=2100))
    assert "gets no mail: paused." in Page.at(editor, f"{address}{readers[0].pk}/").text
    assert editor.get(f"{address}{readers[0].pk}/mail/").status_code == HTTPStatus.NOT_FOUND
    stranger = a_reader(weather("science"), "x@reader.example")
    assert editor.get(f"{address}{stranger.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert editor.get(f"{address}{stranger.pk}/mail/").status_code == HTTPStatus.NOT_FOUND


def test_who_may_not_see_readers_cannot_look_for_them(
    client: Client, draft: Issue, readers: list[Subscriber]
) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    rights = ("view_issue", "change_issue", "publish_issue")
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(clerk)
    assert "find-reader" not in Page.at(client, publish_page(draft)).text
    where = f"/admin/issues/issue/{draft.pk}/as-reader/"
    assert client.post(where, {"q": "rain"}).status_code == HTTPStatus.FORBIDDEN
    for address in (f"{where}{readers[0].pk}/", f"{where}{readers[0].pk}/mail/"):
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN


def kinds(issue: Issue) -> dict[Kind, str]:
    issue.refresh_from_db()
    return {one.kind: one.words for one in publish_warnings.of_draft(issue)}


def test_a_draft_in_order_has_no_warning(editor: Client, draft: Issue) -> None:
    assert kinds(draft) == {}
    assert "Please look at these before" not in Page.at(editor, publish_page(draft)).text


def test_a_title_that_is_not_the_bulletins_is_said_until_it_was_published_so(
    draft: Issue,
) -> None:
    Issue.objects.filter(pk=draft.pk).update(title="Campus paper")
    assert kinds(draft) == {Kind.TITLE: "Campus paper"}
    an_issue(draft.bulletin, title="CAMPUS PAPER")
    assert kinds(draft) == {}


def test_a_topic_that_was_in_each_issue_before_is_missed(draft: Issue) -> None:
    draft.sections.filter(title="Wind").delete()
    for _ in range(2):
        an_issue(draft.bulletin)
    assert kinds(draft) == {}  # two are no custom
    an_issue(draft.bulletin)
    assert kinds(draft) == {Kind.TOPIC: "Wind"}
    Topic.objects.filter(name_en="Wind").update(retired_at=NOW)
    assert kinds(draft) == {}


def test_a_headline_that_stands_twice_is_said_with_both_articles(
    editor: Client, draft: Issue
) -> None:
    other = an_article(draft.sections.all()[1], "Much  RAIN", position=2)
    an_article(draft.sections.all()[1], "", position=3)
    an_article(draft.sections.all()[1], "", position=4)
    assert kinds(draft) == {Kind.TWICE: "Much rain"}
    page = Page.at(editor, publish_page(draft))
    assert "A headline stands twice: “Much rain”." in page.text
    assert f"/admin/issues/article/{other.pk}/change/" in page.text


def test_pictures_without_words_and_links_to_nowhere_are_said(draft: Issue) -> None:
    links = (Link(0, 0, 3, "#top"), Link(0, 4, 7, "https://example.org/"))
    passages = (Paragraph("One two.", page=1, links=links), StoredFigure(" ", 1, "cloud.png"))
    an_article(draft.sections.all()[1], "New", passages=passages)
    assert kinds(draft) == {Kind.NO_WORDS: "", Kind.DEAD_LINK: "#top"}
    shown = StoredFigure("", 1, "cloud.png", alternative="A cloud over the sea")
    Article.objects.filter(title="New").update(passages=(shown,))
    assert kinds(draft) == {}


@pytest.mark.parametrize(
    ("url", "well"),
    [
        ("https://example.org/a?b#c", True),
        ("http://[2001:db8::1]/", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("mailto:ann@example.org", True),
        ("mailto:ann@example.org?subject=Hi", True),
        ("", False),
        ("#part", False),
        ("https://", False),
        ("https:///path", False),
        ("https://example", False),
        ("http://[bad", False),
        ("https://example.org/a b", False),
        ("mailto:", False),
        ("mailto:ann", False),
        ("javascript:alert(1)", False),
        ("ftp://example.org/", False),
    ],
)
def test_an_address_leads_somewhere_or_not(url: str, well: bool) -> None:
    assert publish_warnings.leads_somewhere(url) is well


def test_a_mail_that_is_trimmed_is_said(
    draft: Issue, editor: Client, readers: list[Subscriber]
) -> None:
    section = draft.sections.all()[0]
    Article.objects.bulk_create(
        Article(
            section=section,
            position=n + 5,
            title=f"Article {n}",
            passages=(Paragraph("Long. " * 60, page=1),),
        )
        for n in range(300)
    )
    assert "because Gmail cuts a mail at 102.4 kB" in Page.at(editor, publish_page(draft)).text


def moved(page: Page, capture: DjangoCaptureOnCommitCallbacks, **fields: Any) -> Page:
    with capture(execute=True):
        return page.press("transfer", "bulletin", **fields)


def test_a_draft_in_the_wrong_bulletin_is_moved_by_one_press(
    editor: Client,
    draft: Issue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    campus = a_bulletin("campus", name="Campus paper")
    rain = Topic.objects.create(bulletin=campus, name_en="RAIN", position=1)
    Issue.objects.filter(pk=draft.pk).update(title="Campus Paper", publish_at=NOW)
    draft.sections.create(title="Sport", position=3, not_for_mailing=True)
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    assert "Move it to Campus paper" in page.text
    page = moved(page, django_capture_on_commit_callbacks, value=str(campus.pk))
    assert "Moved to the bulletin Campus paper." in page.text
    draft.refresh_from_db()
    assert (draft.bulletin, draft.publish_at) == (campus, None)
    topics = {one.title: one.topic for one in draft.sections.all()}
    assert topics == {"Rain": rain, "Wind": None, "Sport": None}
    assert draft.sections.get(title="Sport").not_for_mailing
    assert default_storage.exists(figure_path(draft, "cloud.png"))
    assert not default_storage.exists(f"figures/weather/{draft.pk}/cloud.png")
    for name in ("pdf/", "figures/cloud.png"):
        assert editor.get(f"/b/campus/issues/{draft.pk}/{name}").getvalue()


def test_pictures_stay_where_they_are_when_a_move_is_undone_by_an_error(draft: Issue) -> None:
    campus = a_bulletin("campus", name="Campus paper")
    default_storage.save(f"figures/campus/{draft.pk}/cloud.png", ContentFile(PNG))
    transfer.transfer(draft, campus, SENT)  # the transaction of the test is never committed
    assert default_storage.exists(f"figures/weather/{draft.pk}/cloud.png")


@pytest.mark.parametrize("status", [Issue.Status.PUBLISHED, Issue.Status.UPLOADED])
def test_only_a_draft_is_moved(editor: Client, draft: Issue, status: str) -> None:
    campus = a_bulletin("campus")
    Issue.objects.filter(pk=draft.pk).update(status=status)
    with pytest.raises(transfer.NotADraft):
        transfer.transfer(draft, campus, SENT)
    where = f"/admin/issues/issue/{draft.pk}/transfer/"
    page = Page.at(editor, where, {"bulletin": [str(campus.pk)]})
    assert "Only a draft can be moved" in page.text
    draft.refresh_from_db()
    assert draft.bulletin != campus


def test_where_the_same_file_is_already_it_is_not_moved(editor: Client, draft: Issue) -> None:
    there = an_issue(weather("science"), status=Issue.Status.DRAFT)
    IssueFile.objects.filter(issue=there).update(sha256=draft.files.get().sha256)
    where = f"/admin/issues/issue/{draft.pk}/transfer/"
    page = Page.at(editor, where, {"bulletin": [str(there.bulletin_id)]})
    assert "has an issue from the same file" in page.text
    for wrong in ("", "x", "0", "9" * 30):
        answer = editor.post(where, {"bulletin": wrong})
        assert answer.status_code == HTTPStatus.NOT_FOUND
