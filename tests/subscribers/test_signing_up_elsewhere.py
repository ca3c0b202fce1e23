"""A form on another site signs up as the own one does: no cookie, no script, the same mail."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from publications.models import Bulletin, Topic
from subscribers import embedding
from subscribers.models import SignUpRequest, Subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """A browser that comes from elsewhere, with no cookie; who forges requests is no other."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})


@pytest.fixture
def form(bulletin: Bulletin) -> str:
    return reverse("subscribers:sign_up_elsewhere", args=[bulletin.slug])


def fields_of(html: str) -> dict[str, list[str]]:
    """What a browser sends of a form, with each box ticked and the address of Ann."""
    found: dict[str, list[str]] = {"address": ["ann@reader.example"]}
    for tag in re.findall(r"<input[^>]*>", html):
        at = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if at.get("type") in {"hidden", "checkbox"}:
            found.setdefault(at["name"], []).append(unescape(at["value"]))
    return found


def test_the_copied_form_signs_up_without_a_cookie_and_leads_to_one_mail(
    stranger: Client,
    bulletin: Bulletin,
    topics: list[Topic],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    html = embedding.snippet(bulletin, topics[:2], language="en", fixed=False)
    address = re.findall(r'action="([^"]+)"', html)[0]
    with django_capture_on_commit_callbacks(execute=True):
        answer = stranger.post(address, fields_of(html), headers={"origin": "https://blog.example"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert "ann@reader.example" in page
    assert "csrfmiddlewaretoken" not in page
    assert "no-store" in answer["Cache-Control"]
    assert [one.to for one in mail.outbox] == [["ann@reader.example"]]
    request = SignUpRequest.objects.get()
    assert set(request.topics.all()) == set(topics[:2])
    assert Subscriber.objects.get().confirmed_at is None


def test_the_page_is_sent_again_and_changed_without_a_cookie(
    stranger: Client, form: str, topics: list[Topic]
) -> None:
    sent = {"address": "ann@reader.example", "topics": [topics[0].pk], "language": "en"}
    page = stranger.post(form, sent).content.decode()
    again = fields_of(page)
    assert again["topics"] == [str(topics[0].pk)]
    answer = stranger.post(form, again | {"again": "1"})
    assert "We are sending it again, unless" in answer.content.decode()
    change = stranger.post(form, again | {"change": "1"})
    assert 'value="ann@reader.example"' in change.content.decode()
    assert "checked" in change.content.decode()
    assert not change.cookies


def test_what_is_missing_or_mistyped_is_asked_for_on_our_page(
    stranger: Client, form: str, topics: list[Topic]
) -> None:
    page = stranger.post(form, {"address": "ann@gmial.com"}).content.decode()
    assert "gmial.com: did you mean gmail.com?" in page
    assert "Choose at least one topic." in page
    assert f'action="{form}"' in page
    assert not Subscriber.objects.exists()


def test_topics_that_are_offered_no_more_are_left_out(
    stranger: Client, form: str, topics: list[Topic]
) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(retired_at=timezone.now())
    sent = [topics[0].pk, topics[1].pk, 10**30, "x"]
    stranger.post(form, {"address": "ann@reader.example", "topics": sent})
    assert [topic.pk for topic in SignUpRequest.objects.get().topics.all()] == [topics[1].pk]


def test_of_one_topic_nobody_is_asked(stranger: Client, form: str, topics: list[Topic]) -> None:
    Topic.objects.exclude(pk=topics[1].pk).update(retired_at=timezone.now())
    stranger.post(form, {"address": "ann@reader.example"})
    assert [topic.pk for topic in SignUpRequest.objects.get().topics.all()] == [topics[1].pk]


def test_the_trap_and_the_limits_hold_here_too(
    stranger: Client, form: str, topics: list[Topic], settings: Settings
) -> None:
    settings.SIGN_UPS_PER_HOUR = 2
    sent = {"address": "ann@reader.example", "topics": [topics[0].pk]}
    assert stranger.post(form, sent | {"website": "x"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert stranger.post(form, sent).status_code == 200
    assert stranger.post(form, sent | {"address": "bob@reader.example"}).status_code == 429
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Check your inbox"), ("zh-hans", "请查收邮件"), ("x", "L")]
)
def test_the_page_speaks_as_the_form_says_else_as_the_bulletin(
    stranger: Client, form: str, topics: list[Topic], language: str, words: str
) -> None:
    sent = {"address": "ann@reader.example", "topics": [topics[0].pk], "language": language}
    assert words in stranger.post(form, sent).content.decode()


def test_who_only_looks_is_led_to_the_form(stranger: Client, form: str) -> None:
    assert stranger.get(form)["Location"].endswith("/subscribe/")


def test_the_snippet_holds_no_script_style_or_foreign_markup(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(name="<b>Letters</b>")
    Topic.objects.filter(pk=topics[0].pk).update(description_en='Acts & "bills"')
    bulletin.refresh_from_db()
    topics[0].refresh_from_db()
    html = embedding.snippet(bulletin, topics, language="en", fixed=False)
    assert "&lt;b&gt;Letters&lt;/b&gt;" in html
    assert "Acts &amp; &quot;bills&quot;" in html
    assert not re.search(r"<script|style=|csrf|<b>", html)
    fixed = embedding.snippet(bulletin, topics, language="zh-hans", fixed=True)
    assert fixed.count('type="hidden" name="topics"') == len(topics)
    assert "checkbox" not in fixed
    assert "<button>订阅</button>" in fixed


def test_topics_are_described_where_one_signs_up(browser: Client, bulletin: Bulletin) -> None:
    Topic.objects.create(bulletin=bulletin, name_en="Law", description_en="New acts, one by one")
    page = browser.get(reverse("subscribers:sign_up", args=[bulletin.slug])).content.decode()
    assert "New acts, one by one" in page


@pytest.mark.parametrize(
    ("asked", "language"),
    [("fr", "en"), ("", "en"), ("*", "en"), ("fr, zh;q=0.5", "zh-Hans"), ("zh-TW", "zh-Hans")],
)
def test_whoever_prefers_none_of_our_languages_gets_the_bulletins(
    bulletin: Bulletin, asked: str, language: str
) -> None:
    for page in ("issues:bulletin", "subscribers:sign_up", "subscribers:request_link"):
        answer = Client(headers={"accept-language": asked}).get(reverse(page, args=[bulletin.slug]))
        assert f'<html lang="{language}">' in answer.content.decode()
        assert answer["Content-Language"] == language.lower()


def test_who_chose_a_language_keeps_it(bulletin: Bulletin) -> None:
    browser = Client(headers={"accept-language": "fr"})
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(reverse("issues:bulletin", args=[bulletin.slug]))
    assert '<html lang="zh-Hans">' in page.content.decode()
