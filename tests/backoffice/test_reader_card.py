"""The page of a reader is a file card: all that is known, and all that can be done for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit_log.models import Entry
from digests import sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from publications.models import Topic
from subscribers import preferences, unsubscribe_reasons, unsubscribing
from subscribers.models import Subscriber, Suppression
from subscribers.models.note import Note
from subscribers.models.subscription import EndReason, SubscriptionSource
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def topics() -> list[Topic]:
    return topics_of(a_bulletin(), ["Water", "Energy", "Law"])


@pytest.fixture
def reader(topics: list[Topic]) -> Subscriber:
    return a_reader(topics[0].bulletin, "ann@reader.example", topics=topics[:2])


@pytest.fixture
def digest(reader: Subscriber, topics: list[Topic]) -> Digest:
    """A finished digest that reached the reader."""
    digest = a_digest(a_draft(reader.bulletin, {"Water": topics[0], "Law": topics[2]}), at=LATER)
    Delivery.objects.update(
        status=DeliveryStatus.SENT, settled_at=LATER, smtp_response="250 Caught", attempts=1
    )
    sending.recount(digest)
    assert sending.finish(digest, at=LATER)
    return digest


def path_of(reader: Subscriber, route: str = "change", *args: object) -> str:
    return reverse(f"admin:subscribers_subscriber_{route}", args=[reader.pk, *args])


def page_of(client: Client, reader: Subscriber) -> str:
    return client.get(path_of(reader)).content.decode()


def form_of(reader: Subscriber, **changes: Any) -> dict[str, Any]:
    followed = reader.subscriptions.current().values_list("topic", flat=True)
    return {
        "name": reader.name,
        "language": reader.language,
        "format": reader.format,
        "length": reader.length,
        "cadence": reader.cadence,
        "time_zone": reader.time_zone,
        "topics": list(followed),
        "shown_topics": ",".join(map(str, followed)),
        "because": "Asked by telephone.",
        "subscriptions-TOTAL_FORMS": 0,
        "subscriptions-INITIAL_FORMS": 0,
        **changes,
    }


def followed(reader: Subscriber) -> set[str]:
    return {row.topic.name_en for row in reader.subscriptions.current().select_related("topic")}


def test_the_card_shows_choices_mails_what_came_back_and_who_did_what(
    editor: Client, reader: Subscriber, digest: Digest
) -> None:
    reader.keyword_alerts.create(phrase="drought", key="drought")
    Feedback.objects.create(
        delivery=Delivery.objects.get(), subscriber=reader, kind="soft_bounce", received_at=LATER
    )
    editor.post(path_of(reader, "note"), {"text": "Calls on Mondays."})
    page = page_of(editor, reader)
    for words in (
        "Energy",
        "drought",
        "Letters No. 9",
        "News of Water",
        "The mail server took it.",
    ):
        assert words in page
    for words in ("250 Caught", "bounced: may pass", "Calls on Mondays.", "Made a note"):
        assert words in page
    assert "News of Law" not in page.partition('id="mails"')[2]


def test_a_card_asks_no_more_for_forty_mails_than_for_one(
    editor: Client, reader: Subscriber, digest: Digest, topics: list[Topic]
) -> None:
    with CaptureQueriesContext(connection) as one:
        page_of(editor, reader)
    for n in range(40):
        draft = a_draft(reader.bulletin, {"Water": topics[0]})
        a_digest(draft, at=LATER + timedelta(days=n))
    with CaptureQueriesContext(connection) as forty:
        page = page_of(editor, reader)
    assert len(forty) <= len(one) + 1  # the pages of mails are counted
    assert "?mails=2" in page


def test_topics_language_and_format_are_changed_on_their_behalf_with_a_reason(
    editor: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    chosen = {"topics": [topics[0].pk, topics[2].pk], "language": "zh-hans", "format": "text"}
    refused = editor.post(path_of(reader), form_of(reader, **chosen, because=""))
    assert "Say why: readers may ask." in refused.content.decode()
    assert followed(reader) == {"Water", "Energy"}
    assert editor.post(path_of(reader), form_of(reader, **chosen)).status_code == 302
    reader.refresh_from_db()
    assert (reader.language, reader.format) == ("zh-hans", "text")
    assert followed(reader) == {"Water", "Law"}
    ended = reader.subscriptions.get(topic=topics[1])
    assert ended.ended_reason == EndReason.EDITOR
    assert reader.subscriptions.get(topic=topics[2]).source == SubscriptionSource.EDITOR
    entry = Entry.objects.get(act="reader.changed")
    assert (entry.reader_id, entry.after["because"]) == (reader.pk, "Asked by telephone.")
    assert entry.before["topics"] == ["Energy", "Water"]
    assert entry.after["topics"] == ["Law", "Water"]
    assert entry.after["format"] == "text"


def test_how_often_and_how_long_are_changed_with_a_reason(
    editor: Client, reader: Subscriber
) -> None:
    chosen = {"cadence": "weekly", "length": "short"}
    refused = editor.post(path_of(reader), form_of(reader, **chosen, because=""))
    assert "Say why: readers may ask." in refused.content.decode()
    assert editor.post(path_of(reader), form_of(reader, **chosen)).status_code == 302
    reader.refresh_from_db()
    assert (reader.cadence, reader.length, reader.catch_up_due_at) == ("weekly", "short", None)
    assert editor.post(path_of(reader), form_of(reader, cadence="issue")).status_code == 302
    reader.refresh_from_db()
    assert (reader.cadence, reader.catch_up_due_at is None) == ("issue", False)
    newest = Entry.objects.filter(act="reader.changed").latest("pk")
    assert (newest.before["cadence"], newest.after["cadence"]) == ("weekly", "issue")


def test_what_the_reader_chose_meanwhile_stays(
    editor: Client, reader: Subscriber, topics: list[Topic]
) -> None:
    form = form_of(reader, topics=[topics[0].pk, topics[1].pk, topics[2].pk])
    preferences.stop(reader.pk, topic_id=topics[0].pk, at=NOON)
    Subscriber.objects.update(paused_until=LATER)
    editor.post(path_of(reader), form)
    assert followed(reader) == {"Energy", "Law"}
    reader.refresh_from_db()
    assert reader.paused_until == LATER


def test_a_name_is_changed_without_being_kept_in_the_log(
    editor: Client, reader: Subscriber
) -> None:
    editor.post(path_of(reader), form_of(reader, name="Ann Smith", because=""))
    reader.refresh_from_db()
    assert reader.name == "Ann Smith"
    assert "Ann Smith" not in str(list(Entry.objects.values()))
    assert not LogEntry.objects.exists()  # it would keep the address


def test_a_reader_is_paused_resumed_unsubscribed_and_suppressed_with_a_reason(
    editor: Client, reader: Subscriber
) -> None:
    for name in ("pause", "pause", "resume", "suppress", "unsubscribe"):
        asked = editor.get(path_of(reader, "care", name)).content.decode()
        assert "Why, in a few words" in asked
        editor.post(path_of(reader, "care", name), {"because": ""})
        editor.post(path_of(reader, "care", name), {"because": "Asked, ann@reader.example"})
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == [
        "reader.paused",
        "reader.resumed",
        "reader.suppressed",
        "reader.unsubscribed",
    ]
    assert Entry.objects.first().after == {"because": "Asked, <…>"}  # type: ignore[union-attr]
    assert Suppression.objects.current().get().evidence == "Asked, <…>"
    reader.refresh_from_db()
    assert reader.unsubscribed_at
    assert editor.get(path_of(reader, "care", "erase")).status_code == 404


def test_the_link_to_their_choices_is_mailed_and_not_the_fourth_time(
    editor: Client, reader: Subscriber, mailoutbox: list[Any]
) -> None:
    assert editor.get(path_of(reader, "link")).status_code == 405
    first = editor.post(path_of(reader, "link"), follow=True).content.decode()
    again = editor.post(path_of(reader, "link"), follow=True).content.decode()
    assert "The link is mailed to the reader." in first
    assert "No link can be mailed just now" in again
    assert [mail.to for mail in mailoutbox] == [["ann@reader.example"]]
    assert "/preferences/" in mailoutbox[0].body
    assert Entry.objects.filter(act="reader.link_mailed").count() == 1


def test_notes_are_added_and_removed_and_go_with_their_reader(
    editor: Client, reader: Subscriber
) -> None:
    for text in ("Prefers letters.", "", "x" * 1001):
        editor.post(path_of(reader, "note"), {"text": text})
    note = Note.objects.get()
    assert "Prefers letters." not in str(list(Entry.objects.values()))
    editor.post(path_of(reader, "remove_note", note.pk))
    assert not Note.objects.exists()
    editor.post(path_of(reader, "note"), {"text": "Another."})
    reader.delete()
    assert not Note.objects.exists()


def test_a_mail_is_sent_again_from_the_card(
    editor: Client, reader: Subscriber, digest: Digest, mailoutbox: list[Any]
) -> None:
    again = reverse("admin:digests_delivery_resend", args=[Delivery.objects.get().pk])
    assert f"{again}?from=reader" in page_of(editor, reader)
    asked = editor.get(again, {"from": "reader"}).content.decode()
    assert "It can be sent again 3 more times." in asked
    answer = editor.post(again, {"from": "reader"})
    assert answer.headers["Location"] == path_of(reader)
    assert [mail.to for mail in mailoutbox] == [["ann@reader.example"]]
    digest.refresh_from_db()
    assert digest.finished_at
    entry = Entry.objects.get(act="delivery.resent")
    assert (entry.reader_id, entry.before) == (reader.pk, {"status": "sent"})
    editor.post(again)
    editor.post(again)
    refused = editor.post(again, follow=True).content.decode()
    assert "which is the most" in refused
    assert len(mailoutbox) == 3
    assert f"{again}?from=reader" not in page_of(editor, reader)


def test_who_may_only_look_can_do_nothing(
    client: Client, reader: Subscriber, digest: Digest
) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    names = ("view_subscriber", "view_delivery", "view_digest")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    page = page_of(client, reader)
    assert "Letters No. 9" in page
    for route, args in (
        ("care", ["pause"]),
        ("link", []),
        ("note", []),
        ("remove_note", [1]),
    ):
        assert client.post(path_of(reader, route, *args)).status_code == 403
    again = reverse("admin:digests_delivery_resend", args=[Delivery.objects.get().pk])
    for call in (client.get, client.post):
        assert call(again).status_code == 403
    assert again not in page
    assert path_of(reader, "note") not in page
    assert path_of(reader, "care", "pause") not in page


def test_the_office_sees_why_somebody_unsubscribed_on_the_card_and_counted(
    admin_client: Client,
) -> None:
    reader = a_reader(a_bulletin("letters"), "ann@reader.example")
    now = timezone.now()
    unsubscribing.unsubscribe(reader.pk, at=now, reason=EndReason.LEFT)
    reader.refresh_from_db()
    unsubscribe_reasons.give(reader, reason="too-many", words="<b>Every</b> day!", at=now)
    card = admin_client.get(reverse("admin:subscribers_subscriber_change", args=[reader.pk]))
    readers = reverse("admin:subscribers_subscriber_changelist")
    for page in (
        card.content.decode(),
        admin_client.get(readers).content.decode(),
        admin_client.get(readers, {"bulletin__id__exact": reader.bulletin_id}).content.decode(),
    ):
        assert "邮件太多" in page or "Too many emails" in page
        assert "&lt;b&gt;Every&lt;/b&gt; day!" in page
    other = a_bulletin("other")
    page = admin_client.get(readers, {"bulletin__id__exact": other.pk}).content.decode()
    assert "Too many emails" not in page
