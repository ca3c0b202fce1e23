"""Bulletins, topics and readers as editors see them."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from publications.branding import masthead_name
from publications.models import Alias, Bulletin, Topic
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON, PNG, a_reader

ENGLISH = {"Accept-Language": "en"}
WHEN = {"weekly_day": 5, "monthly_day": 1, "digest_hour": 8}


def page_of(model: str, page: str, *args: int) -> str:
    app = "subscribers" if model == "subscriber" else "publications"
    return reverse(f"admin:{app}_{model}_{page}", args=args)


@pytest.mark.parametrize(
    ("model", "questions"), [("bulletin", 6), ("topic", 8), ("subscriber", 14)]
)
def test_a_list_asks_the_same_number_of_questions_however_long_it_is(
    model: str,
    questions: int,
    admin_client: Client,
    topics: list[Topic],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(12):
        a_reader(topics[0].bulletin, f"r{n}@reader.example", topics=topics)
    with django_assert_max_num_queries(questions):
        assert admin_client.get(page_of(model, "changelist")).status_code == 200


def test_a_bulletin_is_made_in_the_admin(admin_client: Client, db: None) -> None:
    form = {
        "name": "通报",
        "slug": "tongbao",
        "language": "zh-hans",
        "accent": "#b5442e",
        "sender_email": "tongbao@office.example",
        **WHEN,
    }
    assert admin_client.post(page_of("bulletin", "add"), form).status_code == 302
    assert Bulletin.objects.get().accent == "#b5442e"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("重庆银行简报", "chong-qing-yin-hang-jian-bao"),
        ("The Rain Weekly", "the-rain-weekly"),
        ("云泽 Tech 信息", "yun-ze-tech-xin-xi"),
        ("…", "bulletin"),
        ("长" * 40, "chang-" * 8 + "ch"),
    ],
)
def test_the_web_address_of_a_new_bulletin_is_made_of_its_name(
    admin_client: Client, db: None, name: str, slug: str
) -> None:
    form = {
        "name": name,
        "language": "zh-hans",
        "accent": "#b5442e",
        "sender_email": "a@b.example",
        **WHEN,
    }
    for expected in (slug, f"{slug[:48]}-2"):
        page = admin_client.get(page_of("bulletin", "propose"), {"name": name}).json()
        assert page["slug"] == expected
        assert page["address"].endswith(f"/b/{expected}/")
        assert admin_client.post(page_of("bulletin", "add"), form).status_code == 302
        assert Bulletin.objects.filter(slug=expected).exists()


@pytest.mark.parametrize("slug", ["北京路1号", "a b", "a@b.example"])
def test_what_can_be_no_web_address_is_refused_in_words(
    admin_client: Client, db: None, slug: str
) -> None:
    form = {"name": "Rain", "slug": slug, "language": "en", "sender_email": "a@b.example", **WHEN}
    page = admin_client.post(page_of("bulletin", "add"), form, headers=ENGLISH)
    assert "Use only the letters a to z, digits" in page.content.decode()


def test_the_whole_web_address_is_shown(admin_client: Client, bulletin: Bulletin) -> None:
    page = admin_client.get(page_of("bulletin", "change", bulletin.pk)).content.decode()
    assert f"/b/{bulletin.slug}/</a>" in page
    blank = admin_client.get(page_of("bulletin", "add"), headers=ENGLISH).content.decode()
    assert "The last part of the web address" in blank
    assert "/b/…/" in blank


def test_the_image_of_a_bulletin_is_shown(admin_client: Client, bulletin: Bulletin) -> None:
    bulletin.image.save("sky.png", ContentFile(PNG))
    page = admin_client.get(page_of("bulletin", "change", bulletin.pk)).content.decode()
    assert f'<img src="/b/{bulletin.slug}/masthead/{masthead_name(bulletin)}"' in page
    assert "sky.png" not in page
    assert 'name="image-clear"' in page


def test_a_topic_that_was_followed_is_not_deleted_and_nobody_is_listed(
    admin_client: Client, topics: list[Topic], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        a_reader(topics[0].bulletin, f"r{n}@reader.example", topics=topics[:1])
    delete = page_of("topic", "delete", topics[0].pk)
    with django_assert_max_num_queries(8):
        page = admin_client.get(delete, headers=ENGLISH).content.decode()
    assert "12 readers follow or followed" in page
    assert "Retire it instead" in page
    assert page.partition('id="content"')[2].count("<li>") == 1
    admin_client.post(delete, {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": topics[0].pk, "post": "yes"}
    answer = admin_client.post(page_of("topic", "changelist"), chosen, headers=ENGLISH)
    assert "Retire it instead" in answer.content.decode()
    assert Topic.objects.filter(pk=topics[0].pk).exists()


def test_a_topic_that_nobody_followed_is_deleted(admin_client: Client, topics: list[Topic]) -> None:
    admin_client.post(page_of("topic", "delete", topics[0].pk), {"post": "yes"})
    assert not Topic.objects.filter(pk=topics[0].pk).exists()


def test_the_address_of_a_bulletin_is_not_changed(admin_client: Client, bulletin: Bulletin) -> None:
    page = admin_client.get(page_of("bulletin", "change", bulletin.pk))
    assert b'name="slug"' not in page.content


def alias_forms(topic: Topic, *names: str) -> dict[str, object]:
    """The topic's page with these titles typed into it."""
    forms: dict[str, object] = {
        "name_en": topic.name_en,
        "name_zh": "",
        "position": 0,
        "aliases-TOTAL_FORMS": len(names),
        "aliases-INITIAL_FORMS": 0,
    }
    return forms | {f"aliases-{n}-name": name for n, name in enumerate(names)}


def test_an_alias_is_added_to_a_topic(admin_client: Client, topics: list[Topic]) -> None:
    path = page_of("topic", "change", topics[0].pk)
    assert admin_client.post(path, alias_forms(topics[0], "Legal matters")).status_code == 302
    assert Topic.objects.by_key(topics[0].bulletin)["legalmatters"] == topics[0]


@pytest.mark.parametrize("names", [("Legal", "legal "), ("Markets",)])
def test_a_title_cannot_mean_two_things(
    names: tuple[str, ...], admin_client: Client, topics: list[Topic]
) -> None:
    path = page_of("topic", "change", topics[0].pk)
    page = admin_client.post(path, alias_forms(topics[0], *names))
    assert page.status_code == 200
    assert b"errorlist" in page.content
    assert not Alias.objects.exists()


def test_a_topic_is_retired_and_offered_again(admin_client: Client, topics: list[Topic]) -> None:
    chosen = {"_selected_action": [topics[0].pk]}
    for action, retired in [("retire", True), ("retire", True), ("offer_again", False)]:
        admin_client.post(page_of("topic", "changelist"), chosen | {"action": action})
        topic = Topic.objects.get(pk=topics[0].pk)
        assert (topic.retired_at is not None) == retired


def test_an_editor_lets_a_reader_go(admin_client: Client, reader: Subscriber) -> None:
    chosen = {"_selected_action": [reader.pk], "action": "unsubscribe"}
    admin_client.post(page_of("subscriber", "changelist"), chosen)
    assert not Subscriber.objects.confirmed().exists()
    assert {row.ended_reason for row in reader.subscriptions.all()} == {EndReason.EDITOR}


def test_the_history_of_a_reader_is_shown_and_cannot_be_rewritten(
    admin_client: Client, reader: Subscriber
) -> None:
    path = page_of("subscriber", "change", reader.pk)
    page = admin_client.get(path).content.decode()
    assert "Law" in page
    for name in ("signed_up_at", "confirmed_at", "unsubscribed_at", "address", "started_at"):
        assert f'name="{name}' not in page
    assert admin_client.get(page_of("subscriber", "add")).status_code == 403


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("active", {}),
        ("paused", {"paused_until": NOON.replace(year=2999)}),
        ("unconfirmed", {"confirmed_at": None}),
        ("left", {"unsubscribed_at": NOON}),
    ],
)
def test_readers_are_found_by_their_state(
    state: str, change: dict[str, object], admin_client: Client, reader: Subscriber
) -> None:
    Subscriber.objects.update(**change)
    for asked in ("active", "paused", "unconfirmed", "left"):
        page = admin_client.get(page_of("subscriber", "changelist"), {"state": asked})
        assert (reader.address in page.content.decode()) == (asked == state)
