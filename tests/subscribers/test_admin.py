"""Bulletins, topics and readers as editors see them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from subscribers.models import Alias, Bulletin, Subscriber, Topic
from subscribers.models.subscription import Ending
from tests.making import NOON, a_reader


def page_of(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:subscribers_{model}_{page}", args=args)


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
    told = {
        "name": "通报",
        "slug": "tongbao",
        "language": "zh-hans",
        "accent": "#b5442e",
        "sender_email": "tongbao@office.example",
    }
    assert admin_client.post(page_of("bulletin", "add"), told).status_code == 302
    assert Bulletin.objects.get().accent == "#b5442e"


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
    assert {row.ended_reason for row in reader.subscriptions.all()} == {Ending.EDITOR}


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
