"""No state of a public page has a fault that axe-core finds, by day and by night, in either
language."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.tokens import TokenSigner
from issues.models import Article, Issue
from publications.models import Alias, Bulletin
from subscribers import links, preferences, suppressions, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support import axe
from tests.support.factories import a_reader, an_issue, weather
from tests.support.readers import address_of
from tests.support.service import CHROMIUM

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
LANGUAGES = ["en", "zh-hans"]


def a_page(answer: object) -> str:
    page = getattr(answer, "content", b"").decode()
    assert "<main" in page, answer
    return str(page)


def public_pages(language: str) -> Iterator[tuple[str, str]]:
    """Yield each state of each public page but the choices, by a name of it."""
    browser = Client(headers={"accept-language": language})
    bulletin = weather()
    Bulletin.objects.update(
        description="Rain and wind, each month." if language == "en" else "每月风雨。",
        publisher="The Office",
        language=language,
    )
    for year in (2024, 2025, 2026):
        issue = an_issue(bulletin)
        Issue.objects.filter(pk=issue.pk).update(published_at=timezone.now().replace(year=year))
    article = Article.objects.filter(section__issue=issue)[1]
    for page in ("/", "/b/weather/", "/b/weather/?year=2025", "/nothing/", "/subscription/"):
        yield page, a_page(browser.get(page, follow=True))
    yield "issue", a_page(browser.get(reverse("issues:issue", args=["weather", issue.pk])))
    where = reverse("issues:article", args=["weather", issue.pk, article.pk])
    yield "article", a_page(browser.get(where))
    yield from _signing_up(browser, language)
    yield from _leaving(browser, bulletin, language)
    yield from _links(browser, bulletin, language)


def _signing_up(browser: Client, language: str) -> Iterator[tuple[str, str]]:
    form = reverse("subscribers:sign_up", args=["weather"])
    yield "sign up", a_page(browser.get(form))
    yield "sign up with mistakes", a_page(browser.post(form, {"address": "李雷@例子.中国"}))
    data = {"address": "li.lei@例子.中国", "language": language, "topics": "1"}
    topic = str(Bulletin.objects.get(slug="weather").topics.all()[0].pk)
    yield "signed up", a_page(browser.post(form, data | {"topics": topic}, follow=True))
    sent = reverse("subscribers:signed_up", args=["weather"])
    yield "sent again", a_page(browser.post(sent, follow=True))
    new = Subscriber.objects.get(address__startswith="li.lei")
    confirm = address_of(new, Purpose.CONFIRM)
    yield "confirm", a_page(browser.get(confirm))
    yield "not me", a_page(browser.get(f"{confirm}not-me/"))
    yield "confirmed", a_page(browser.post(confirm, follow=True))
    ask = reverse("subscribers:request_link", args=["weather"])
    yield "ask for a link", a_page(browser.get(ask))
    yield "ask with a mistake", a_page(browser.post(ask, {"address": "x"}))
    yield "asked", a_page(browser.post(ask, {"address": "ann@reader.example"}, follow=True))


def _leaving(browser: Client, bulletin: Bulletin, language: str) -> Iterator[tuple[str, str]]:
    topics = list(bulletin.topics.all())
    reader = a_reader(bulletin, "ann@reader.example", topics=topics, language=language)
    science = weather("science")
    a_reader(science, reader.address, topics=list(science.topics.all()))
    leave, undo = address_of(reader, Purpose.LEAVE), address_of(reader, Purpose.UNDO)
    yield "leave", a_page(browser.get(leave))
    yield "weekly", a_page(browser.post(leave, {"do": "weekly"}))
    yield "left", a_page(browser.post(leave))
    yield "no reason", a_page(browser.post(leave, {"do": "reason"}))
    yield "left another", a_page(browser.post(leave, {"bulletin": "science"}))
    yield "undo", a_page(browser.get(undo))
    yield "reason", a_page(browser.post(leave, {"do": "reason", "reason": "other"}))
    yield "too late", a_page(browser.post(leave, {"do": "weekly"}))
    yield "undone", a_page(browser.post(undo, follow=True))
    Alias.objects.learn(topics[0], "Showers")
    stop = f"{address_of(reader, Purpose.STOP)}{topics[0].pk}/?title=Showers"
    yield "stop", a_page(browser.get(stop))
    yield "stopped", a_page(browser.post(stop, {"topic": topics[0].pk}))
    pause = address_of(reader, Purpose.PAUSE)
    yield "pause", a_page(browser.get(pause))
    yield "paused", a_page(browser.post(pause, follow=True))
    yield "pause ended", a_page(browser.post(pause, {"do": "resume"}, follow=True))


def _links(browser: Client, bulletin: Bulletin, language: str) -> Iterator[tuple[str, str]]:
    reader = a_reader(bulletin, "eva@reader.example", language=language)
    yield "bad", a_page(browser.get(reverse("subscribers:leave", args=["x"])))
    old = reverse("subscribers:preferences", args=[_aged(reader)])
    yield "old", a_page(browser.get(old))
    yield "fresh", a_page(browser.post(old, {"do": "fresh link"}, follow=True))
    preferences.pause(reader.pk, at=timezone.now())
    suppressions.suppress(
        reader.address_key, reason=SuppressionReason.BOUNCING, evidence="", at=timezone.now()
    )
    yield "suppressed", a_page(browser.get(address_of(reader, Purpose.PAUSE)))
    unsubscribing.unsubscribe(
        reader.pk, at=timezone.now() - timedelta(days=2), reason=EndReason.LEFT
    )
    yield "old and left", a_page(browser.get(old))
    yield "left long ago", a_page(browser.get(address_of(reader, Purpose.LEAVE)))
    leave = address_of(reader, Purpose.LEAVE)
    Subscriber.objects.filter(pk=reader.pk).update(link_key=links.renewed())
    yield "earlier", a_page(browser.get(leave))
    reader.delete()
    yield "gone", a_page(browser.get(leave))


def _aged(reader: Subscriber) -> str:
    at = int(time.time() - timedelta(days=40).total_seconds())
    return TokenSigner(links.READER).token(reader.pk, reader.link_key, at=at).decode()


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_has_a_fault(language: str) -> None:
    pages = {f"/{name.strip('/').replace(' ', '-')}": page for name, page in public_pages(language)}
    for scheme in ("light", "dark"):
        assert axe.faults(pages, scheme=scheme) == {}
