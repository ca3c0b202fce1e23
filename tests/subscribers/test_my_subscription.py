"""The page behind the link of each mail: all bulletins of an address, what to expect of topics, how
often, a pause until a day; and the way to it from every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from foundation.tokens import TokenSigner
from issues.forecast import forecast
from issues.models import Article, Issue
from publications.models import Bulletin, Topic
from subscribers import addresses, mailboxes, signing_up
from subscribers.links import READER, Purpose
from subscribers.models import Subscriber
from subscribers.time_zone_choices import CITIES
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of
from tests.support.readers import address_of, followed, leave, link_in, suppress

FORM = "subscribers:my_subscription"

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(reader: Subscriber) -> str:
    return address_of(reader, Purpose.PREFERENCES)


@pytest.fixture
def ask(
    browser: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., str]:
    """Type an address and press the button; the page that it leads to."""

    def press(address: str, **more: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            page = browser.post(reverse(FORM), {"address": address} | more, follow=True)
        assert page.status_code == 200
        return page.content.decode()

    return press


# The way in


def test_every_page_leads_to_it(browser: Client, bulletin: Bulletin) -> None:
    a_bulletin("others")
    for page in (
        reverse("issues:home"),
        reverse("issues:bulletin", args=[bulletin.slug]),
        reverse("subscribers:sign_up", args=[bulletin.slug]),
        "/nothing/",
    ):
        assert f'href="{reverse(FORM)}"' in browser.get(page).content.decode()


def test_one_mail_leads_to_all_that_an_address_reads(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    others = a_bulletin("others", name="Others")
    other = a_reader(others, reader.address, topics=topics_of(others, ["Sport"]))
    a_bulletin("thirds", name="Thirds", description="Of the third.")
    assert "Ann@reader.example" in ask("Ann@Reader.example")
    (mail,) = mailoutbox
    page = browser.get(link_in(mail, Purpose.PREFERENCES)).content.decode()
    assert "Unsubscribe from Letters" in page
    assert "Unsubscribe from Others" in page
    assert "Of the third." in page
    assert "Subscribe to Thirds" in page
    theirs = re.search(r'href="(/preferences/[^"]+/)" lang="en">Others', page)
    assert theirs
    page = browser.get(theirs[1]).content.decode()
    assert "Others, to <strong>ann@reader.example" in page
    assert "Sport" in page
    browser.post(theirs[1], {"do": "pause"})
    other.refresh_from_db()
    assert other.paused_until
    reader.refresh_from_db()
    assert reader.paused_until is None


def test_who_waits_to_confirm_is_asked_again(
    ask: Callable[..., str],
    bulletin: Bulletin,
    topics: list[Topic],
    mailoutbox: list[EmailMessage],
) -> None:
    address = addresses.parse("eve@reader.example")
    signing_up.sign_up(bulletin, address=address, topics=topics, language="en", at=NOON)
    ask(address.text)
    assert link_in(mailoutbox[0], Purpose.CONFIRM)


@pytest.mark.parametrize("become", [leave, suppress, Subscriber.delete])
def test_page_and_questions_are_the_same_for_who_is_known_and_who_is_not(
    become: Callable[[Subscriber], object],
    ask: Callable[..., str],
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    def said() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as asked:
            whom = mailboxes.request_link(addresses.parse(reader.address), at=timezone.now())
        return ("known" if whom else "unknown", len(asked))

    known = said()
    become(reader)
    unknown = said()
    assert (known[0], unknown[0]) == ("known", "unknown")
    assert known[1] == unknown[1]
    page = ask("nobody@reader.example")
    same = ask("ann@reader.example").replace("ann@reader", "nobody@reader")
    token = r'name="csrfmiddlewaretoken" value="\w+"'
    assert re.sub(token, "", page) == re.sub(token, "", same)
    assert not mailoutbox


def test_nobodys_mailbox_can_be_filled(
    ask: Callable[..., str], reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(3):
        ask(reader.address)
    assert len(mailoutbox) == 1


def test_a_machine_that_fills_in_everything_has_nothing_mailed(
    ask: Callable[..., str], reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    ask(reader.address, website="https://spam.example")
    assert not mailoutbox


def test_too_many_are_turned_away_with_a_page(
    ask: Callable[..., str], browser: Client, settings: Settings
) -> None:
    settings.SIGN_UPS_PER_HOUR, settings.RATE_LIMIT_STORAGE_URL = 1, "memory://my-subscription"
    ask("bob@reader.example")
    assert browser.post(reverse(FORM), {"address": "bob@reader.example"}).status_code == 429


def test_what_is_no_address_is_said_and_the_title_says_so(browser: Client) -> None:
    page = browser.post(reverse(FORM), {"address": "ann"}).content.decode()
    assert "address in full" in page
    assert "<title>Error:" in page


def test_the_page_that_follows_is_shown_in_this_browser_alone(client: Client) -> None:
    assert client.get(reverse("subscribers:my_link_sent"))["Location"] == reverse(FORM)


def test_another_bulletin_is_subscribed_to_by_the_form_with_the_address_filled_in(
    browser: Client, link: str, topics: list[Topic]
) -> None:
    others = a_bulletin("others", name="Others")
    topics_of(others, ["Sport"])
    page = browser.post(link, {"do": "subscribe", "bulletin": "others"}, follow=True)
    text = page.content.decode()
    assert "Sign up for Others" in text
    assert 'value="ann@reader.example"' in text
    assert "Sport" in text
    assert browser.post(link, {"do": "subscribe", "bulletin": "\x00"}).status_code == 302
    assert Subscriber.objects.count() == 1


def test_pages_of_other_bulletins_have_links_no_newer_than_this_one(reader: Subscriber) -> None:
    signer = TokenSigner(READER)
    old = signer.token(reader.pk, reader.link_key, at=1_000).decode()
    other = a_reader(a_bulletin("others"), reader.address)
    made = signer.read(mailboxes.token_of(other, beside=old))
    assert (made.number, made.at) == (other.pk, 1_000)


# What to expect


def published(bulletin: Bulletin, sections: dict[str, Topic | None], *, at: datetime) -> Issue:
    issue = a_draft(bulletin, sections)
    Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.PUBLISHED, published_at=at)
    return issue


def test_topics_have_their_line_and_say_what_to_expect(
    browser: Client, link: str, bulletin: Bulletin, topics: list[Topic]
) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(description_en="Acts and courts.")
    law, markets, _science = topics
    first = published(bulletin, {"Law": law, "Courts": law, "Markets": markets}, at=NOON)
    for n in range(1, 3):
        published(bulletin, {"Law": law, "Courts": law}, at=NOON + timedelta(n))
    withdrawn = Article.objects.filter(section__issue=first, section__title="Courts")
    withdrawn.update(withdrawn_at=NOON)
    page = browser.get(link).content.decode()
    assert "Acts and courts." in page
    assert "about 2 articles an issue" in page  # 5 in 3
    assert "about one article in 3 issues" in page
    assert "nothing in the last 3 issues" in page
    assert "What you follow now: about 2 articles an issue." in page


def test_without_an_issue_nothing_is_expected(browser: Client, link: str) -> None:
    assert "an issue." not in browser.get(link).content.decode()


def test_the_forecast_is_of_the_last_issues_and_asks_two_questions(
    bulletin: Bulletin, topics: list[Topic], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(8):
        published(bulletin, {"Law": topics[0] if n > 1 else topics[1]}, at=NOON + timedelta(n))
    with django_assert_num_queries(2):
        expected = forecast(bulletin)
    assert expected.issues == 6
    assert expected.articles == {topics[0].pk: 6}


def test_how_often_says_day_and_hour_of_the_bulletin_and_is_kept(
    browser: Client, link: str, bulletin: Bulletin, reader: Subscriber, topics: list[Topic]
) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(weekly_day=2, monthly_day=3, digest_hour=7)
    page = browser.get(link).content.decode()
    assert "once a week, on Tuesdays at 7:00" in page
    assert "once a month, on the 3rd at 7:00" in page
    form = {
        "do": "choose",
        "topics": [topics[0].pk],
        "language": "en",
        "format": "html",
        "cadence": "weekly",
        "length": "headlines",
    }
    assert "Your choices are saved." in browser.post(link, form, follow=True).content.decode()
    reader.refresh_from_db()
    assert (reader.cadence, reader.length) == ("weekly", "headlines")
    browser.post(link, form | {"cadence": "daily"})
    reader.refresh_from_db()
    assert reader.cadence == "weekly"


def test_whose_hours_are_meant_is_said_where_clocks_differ(browser: Client, link: str) -> None:
    assert "Hours are those of" not in browser.get(link).content.decode()
    Subscriber.objects.update(time_zone="Pacific/Honolulu")
    assert "Hours are those of Beijing" in browser.get(link).content.decode()


# A pause until a day


def pause_until(browser: Client, link: str, day: str) -> str:
    data = {"do": "pause until", "until": day}
    return browser.post(link, data, follow=True).content.decode()


def test_a_pause_until_a_day_ends_when_that_day_begins_for_the_reader(
    browser: Client, link: str, reader: Subscriber
) -> None:
    Subscriber.objects.update(time_zone="Pacific/Auckland")
    reader.refresh_from_db()
    day = (timezone.now().astimezone(reader.zone) + timedelta(days=40)).date()
    page = pause_until(browser, link, day.isoformat())
    assert "No emails are sent until" in page
    reader.refresh_from_db()
    assert reader.paused_until
    local = reader.paused_until.astimezone(reader.zone)
    assert (local.date(), local.hour) == (day, 0)
    page = pause_until(browser, link, (day + timedelta(days=3)).isoformat())  # another day
    reader.refresh_from_db()
    assert reader.paused_until.astimezone(reader.zone).date() == day + timedelta(days=3)
    page = browser.post(link, {"do": "resume"}, follow=True).content.decode()
    assert "The pause is over." in page


@pytest.mark.parametrize("day", ["9999-12-31", "2020-01-01", "today", "366"])
def test_a_pause_is_from_tomorrow_to_a_year(
    day: str, browser: Client, link: str, reader: Subscriber
) -> None:
    today = timezone.now().astimezone(reader.zone).date()
    wanted = {"today": today.isoformat(), "366": (today + timedelta(366)).isoformat()}.get(day, day)
    page = pause_until(browser, link, wanted)
    assert "a pause lasts a year at most" in page
    assert "<title>Error:" in page
    reader.refresh_from_db()
    assert reader.paused_until is None


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "99999-01-01", "\x00", "１２"])
def test_what_is_no_day_pauses_nothing(
    day: str, browser: Client, link: str, reader: Subscriber
) -> None:
    page = pause_until(browser, link, day)
    assert 'class="error"' in page
    reader.refresh_from_db()
    assert reader.paused_until is None


def test_a_pause_of_a_week(browser: Client, link: str, reader: Subscriber) -> None:
    assert "for a week" in browser.post(link, {"do": "pause week"}, follow=True).content.decode()
    reader.refresh_from_db()
    assert reader.is_paused(at=timezone.now() + timedelta(days=6))
    assert not reader.is_paused(at=timezone.now() + timedelta(days=8))


# The rest


def test_time_zones_are_few_by_city_and_the_readers_own_is_among_them(
    browser: Client, link: str, reader: Subscriber, topics: list[Topic]
) -> None:
    page = browser.get(link).content.decode()
    assert page.count("<option") == len(CITIES) + 1
    assert "Beijing, Shanghai, Hong Kong, Taipei (UTC+8)" in page
    assert "Delhi, Mumbai (UTC+5:30)" in page
    Subscriber.objects.update(time_zone="America/Port-au-Prince")
    assert '<option value="America/Port-au-Prince" selected>' in browser.get(link).content.decode()


def test_the_page_is_light(browser: Client, link: str, bulletin: Bulletin) -> None:
    for n in range(12):
        Topic.objects.create(bulletin=bulletin, name_en=f"Topic {n}", description_en="x" * 100)
    for n in range(4):
        a_bulletin(f"other{n}", name=f"Other {n}", description="y" * 100)
    assert len(browser.get(link).content) < 15_000


def test_who_left_one_bulletin_still_sees_the_others(
    browser: Client, link: str, reader: Subscriber
) -> None:
    a_reader(a_bulletin("others", name="Others"), reader.address)
    leave(reader)
    page = browser.get(link).content.decode()
    assert "You unsubscribed from Letters" in page
    assert "Unsubscribe from Others" in page
    assert followed(reader) == set()
