"""Pages that stand before very many rows ask in a way that does not grow with them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digests import preview
from digests.models import Delivery, Digest, Feedback
from issues.models import Issue
from publications.models import Topic
from subscribers.models import Subscriber, Suppression
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(1)
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")

# What PostgreSQL answers by scanning the rows of a sub-query anew for each row, or by sorting a
# whole join, as soon as these do not fit into its work_mem.
GROWS = re.compile(r"NOT \(\S+ IN \(SELECT|NOT IN \(SELECT|COUNT\(DISTINCT|SELECT DISTINCT")


@pytest.fixture
def topics() -> list[Topic]:
    return topics_of(a_bulletin(), ["Water", "Energy"])


@pytest.fixture
def draft(topics: list[Topic]) -> Issue:
    """A draft for five readers: some follow a topic, some have keywords, two do both."""
    bulletin = topics[0].bulletin
    for n in range(5):
        reader = a_reader(bulletin, f"r{n}@reader.example", topics=topics[: n // 2])
        if n % 2:
            reader.keyword_alerts.create(phrase="water", key="water")
    return a_draft(bulletin, {"Water": topics[0]})


@pytest.fixture
def digest(draft: Issue) -> Digest:
    return a_digest(draft, at=LATER)


def pages(digest: Digest) -> list[str]:
    """The pages that show readers or deliveries, or count them."""
    bulletin = digest.bulletin
    draft = a_draft(bulletin, {"Water": bulletin.topics.first()})
    lists = (
        "publications_bulletin",
        "publications_topic",
        "subscribers_subscriber",
        "subscribers_suppression",
        "digests_digest",
        "digests_delivery",
        "digests_feedback",
    )
    return [
        reverse("admin:index"),
        reverse("admin:issues_issue_publish", args=[draft.pk]),
        reverse("admin:issues_issue_change", args=[digest.issue_id]),
        reverse("admin:digests_digest_change", args=[digest.pk]),
        reverse("admin:digests_digest_progress", args=[digest.pk]),
        *(reverse(f"admin:{name}_changelist") for name in lists),
    ]


def test_no_page_asks_what_grows_faster_than_its_rows(editor: Client, digest: Digest) -> None:
    for page in pages(digest):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert editor.get(page).status_code == 200
        grows = [each["sql"] for each in asked if GROWS.search(each["sql"])]
        assert not grows, page


def test_who_follows_and_who_has_keywords_are_counted_once(draft: Issue) -> None:
    assert preview.reached(draft, at=LATER) == {"en": 4}  # all but the one with neither


def test_publishing_to_readers_with_keywords_alone_is_on_its_way(
    editor: Client, draft: Issue
) -> None:
    Subscriber.objects.exclude(keyword_alerts__key="water").delete()
    draft.sections.update(topic=Topic.objects.get(name_en="Energy"))
    Subscriber.objects.filter(subscriptions__topic__name_en="Energy").delete()
    page = reverse("admin:issues_issue_publish", args=[draft.pk])
    assert b"The digests are on their way." in editor.post(page, follow=True).content


@pytest.mark.parametrize("model", ["subscribers_subscriber", "digests_delivery"])
def test_a_whole_address_finds_its_rows_without_a_scan(
    editor: Client, digest: Digest, model: str
) -> None:
    page = reverse(f"admin:{model}_changelist")
    with CaptureQueriesContext(connection) as asked:
        found = editor.get(page, {"q": " R3@Reader.example "}).content.decode()
    assert "r3@reader.example" in found
    assert "r1@reader.example" not in found
    assert not [each["sql"] for each in asked if "LIKE" in each["sql"]]


def test_a_part_of_an_address_still_finds_rows(editor: Client, digest: Digest) -> None:
    for words in ("r3@", "@reader.example", "nobody@reader.example"):
        page = editor.get(reverse("admin:digests_delivery_changelist"), {"q": words})
        assert ("r3@reader.example" in page.content.decode()) is (words != "nobody@reader.example")


def test_a_long_list_counts_no_more_than_it_shows_and_says_so(
    editor: Client, digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.long_lists.MAX_ROWS", 3)
    for model in ("subscribers_subscriber", "digests_delivery"):
        with CaptureQueriesContext(connection) as asked:
            page = editor.get(reverse(f"admin:{model}_changelist")).content.decode()
        assert "the first 3; find others by searching or filtering" in page
        assert "3 results" not in page
        assert "_facets" not in page
        counts = [each["sql"] for each in asked if "COUNT(" in each["sql"]]
        assert counts
        assert all("LIMIT 4" in sql for sql in counts)


def test_what_many_readers_have_in_common_is_counted_among_those_that_were_found(
    editor: Client, digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.long_lists.MAX_ROWS", 3)
    monkeypatch.setattr("backoffice.long_lists.MAX_NAMED", 4)
    for model in ("subscribers_subscriber", "digests_delivery"):
        with CaptureQueriesContext(connection) as asked:
            page = editor.get(reverse(f"admin:{model}_changelist"), {"q": "reader"})
        assert "the first 3; find others by searching" in page.content.decode()
        counts = [each["sql"] for each in asked if "COUNT(" in each["sql"]]
        searched = [sql for sql in counts if "LIKE" in sql and "LIMIT 4" in sql]
        assert searched
        assert all("IN (" in sql for sql in searched)


def test_an_action_is_not_done_to_more_rows_than_the_list_shows(
    editor: Client, digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.long_lists.MAX_ROWS", 3)
    first = Subscriber.objects.order_by("pk")[0]
    form = {"action": "unsubscribe", "select_across": "1", "_selected_action": [first.pk]}
    page = editor.post(reverse("admin:subscribers_subscriber_changelist"), form, follow=True)
    assert b"These are more than 3. Narrow the list first." in page.content
    assert not Subscriber.objects.exclude(unsubscribed_at=None).exists()
    form["select_across"] = "0"
    editor.post(reverse("admin:subscribers_subscriber_changelist"), form)
    assert Subscriber.objects.exclude(unsubscribed_at=None).get() == first


def test_the_readers_of_a_topic_are_counted_once_also_in_a_search(
    editor: Client, draft: Issue, topics: list[Topic]
) -> None:
    for name in ("Waters", "Waterways"):
        topics[0].aliases.create(bulletin=topics[0].bulletin, name=name, key=name.casefold())
    page = editor.get(reverse("admin:publications_topic_changelist"), {"q": "Water"})
    assert page.content.decode().count('<td class="field-followers">3</td>') == 1


@on_postgresql
@pytest.mark.parametrize(
    ("model", "index"),
    [
        (Subscriber, "subscriber_newest"),
        (Suppression, "suppression_newest"),
        (Feedback, "feedback_newest"),
        (Delivery, "delivery_once_a_reader"),
    ],
)
def test_the_first_page_of_a_list_is_read_by_an_index(
    model: type[Subscriber], index: str, editor: Client, digest: Digest
) -> None:
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    with CaptureQueriesContext(connection) as asked:
        editor.get(reverse(f"admin:{label}_changelist"))
    (sql,) = [
        each["sql"] for each in asked if re.search(rf"FROM \"{label}\".*ORDER BY", each["sql"])
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert index in plan, plan
