"""After a digest each number leads to its rows, with words, and what failed is sent again."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from audit_log.models import Entry
from digests import bounces, sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus, SkipReason
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

NO_MAILBOX, FULL = "550 5.1.1 No such user", "552 5.2.2 Sorry"


@pytest.fixture
def digest() -> Digest:
    """A finished digest: one got it, one has no mailbox, one has a full one, one was skipped, one
    follows nothing of it."""
    bulletin = a_bulletin()
    water, law = topics_of(bulletin, ["Water", "Law"])
    for name in ("ann", "gone", "full", "left"):
        a_reader(bulletin, f"{name}@reader.example", topics=[water])
    a_reader(bulletin, "law@reader.example", topics=[law])
    digest = a_digest(a_draft(bulletin, {"Water": water}), at=NOON)
    for name, status, reason, said in (
        ("ann", DeliveryStatus.SENT, "", "250 Caught"),
        ("gone", DeliveryStatus.FAILED, "", NO_MAILBOX),
        ("full", DeliveryStatus.FAILED, "", FULL),
        ("left", DeliveryStatus.SKIPPED, SkipReason.LEFT, ""),
    ):
        Delivery.objects.filter(subscriber__address=f"{name}@reader.example").update(
            status=status, reason=reason, smtp_response=said, settled_at=NOON
        )
    sending.recount(digest)
    bounces.record_rejections(digest, at=NOON)
    assert sending.finish(digest, at=NOON)
    digest.refresh_from_db()
    return digest


def page_of(client: Client, digest: Digest, route: str = "change") -> str:
    answer = client.get(reverse(f"admin:digests_digest_{route}", args=[digest.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_number_leads_to_as_many_rows(editor: Client, digest: Digest) -> None:
    page = page_of(editor, digest).partition('class="figures"')[2].partition("</div>")[0]
    links = re.findall(r'<a href="([^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) == 7 + 2 + 2 + 2  # counts, reasons, what came back, answers
    for address, number in links:
        listed = editor.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert len(listed.context["cl"].result_list) == int(number), address


def test_reasons_are_words_and_the_states_are_explained_where_they_stand(
    editor: Client, digest: Digest
) -> None:
    page = page_of(editor, digest)
    assert "There is no such mailbox." in page
    assert NO_MAILBOX in page
    assert "they follow none of its sections, had paused, or must not be mailed" in page
    assert "before their turn came they left, paused or were suppressed" in page
    assert "It was handed over, and no answer came" not in page  # there is none
    listed = editor.get(reverse("admin:digests_delivery_changelist")).content.decode()
    assert "250 Caught" not in listed
    for words in ("The mail server took it.", "The mailbox did not take it", "left meanwhile"):
        assert words in listed


def test_deliveries_and_feedback_are_filtered_by_bulletin_and_by_mailing(
    editor: Client, digest: Digest
) -> None:
    other = a_bulletin(slug="other", name="Other")
    (water,) = topics_of(other, ["Water"])
    a_reader(other, "else@reader.example", topics=[water])
    second = a_digest(a_draft(other, {"Water": water}), at=NOON)
    lists = {"digests_delivery_changelist": (6, 5, 1), "digests_feedback_changelist": (2, 2, 0)}
    for name, (everything, of_the_first, of_the_second) in lists.items():
        page = reverse(f"admin:{name}")
        for query, number in (
            ({}, everything),
            ({"bulletin": digest.bulletin_id}, of_the_first),
            ({"bulletin": other.pk}, of_the_second),
            ({"digest__id__exact": second.pk}, of_the_second),
            ({"digest__id__exact": "x", "bulletin": "x"}, everything),
        ):
            assert len(editor.get(page, query).context["cl"].result_list) == number


def test_a_delivery_names_its_articles(editor: Client, digest: Digest) -> None:
    delivery = Delivery.objects.get(subscriber__address="ann@reader.example")
    page = editor.get(reverse("admin:digests_delivery_change", args=[delivery.pk]))
    assert "<li>News of Water</li>" in page.content.decode()


def test_what_would_be_done_is_said_before_it_is_done_once(
    editor: Client, digest: Digest, mailoutbox: list[Any]
) -> None:
    assert reverse("admin:digests_digest_resend", args=[digest.pk]) in page_of(editor, digest)
    asked = page_of(editor, digest, "resend")
    assert re.findall(r"<td>(\d)</td><td>(\d)</td>", asked) == [("1", "1"), ("2", "1")]
    assert "Send 1 mail again whose reason may pass" in asked
    assert not mailoutbox
    address = reverse("admin:digests_digest_resend", args=[digest.pk])
    editor.post(address, {"scope": "perhaps"})
    assert not mailoutbox
    done = editor.post(address, {"scope": "passing"}, follow=True).content.decode()
    assert "1 mail that failed is sent again." in done
    assert [mail.to for mail in mailoutbox] == [["full@reader.example"]]
    again = editor.post(address, {"scope": "passing"}, follow=True).content.decode()
    assert "There is nobody to whom it could be sent again." in again
    digest.refresh_from_db()
    assert digest.outcome["counts"]["sent"] == 2
    entry = Entry.objects.get(act="failed.resent")
    assert entry.after == {"count": 1, "scope": "passing"}


def test_who_may_not_resend_is_not_offered_it(client: Client, digest: Digest) -> None:
    user = User.objects.create_user("looks", is_staff=True)
    names = ("view_digest", "view_delivery", "view_subscriber")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    address = reverse("admin:digests_digest_resend", args=[digest.pk])
    assert address not in page_of(client, digest)
    assert client.post(address, {"scope": "all"}).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="resend_delivery"))
    client.force_login(User.objects.get(pk=user.pk))
    assert address in page_of(client, digest)


def exported(client: Client, **query: Any) -> str:
    address = reverse("admin:digests_delivery_export", args=["csv"])
    page: Any = client.post(f"{address}?{urlencode(query)}")
    return b"".join(page.streaming_content).decode("utf-8-sig")


def test_the_list_of_deliveries_is_exported_as_it_is_filtered(
    editor: Client, digest: Digest
) -> None:
    text = exported(editor, status__exact="failed")
    assert "gone@reader.example" in text
    assert "There is no such mailbox." in text
    assert "ann@reader.example" not in text
    entry = Entry.objects.get(act="list.exported")
    assert entry.after["filters"] == {"status__exact": "failed"}
    assert entry.after["rows"] == 2


@pytest.fixture
def masked(client: Client, digest: Digest) -> Client:
    """The browser of who may do everything but see addresses."""
    user = User.objects.create_user("care", is_staff=True)
    rights = Permission.objects.exclude(codename="view_address")
    readers = ContentType.objects.get_for_model(Subscriber)
    Permission.objects.get_or_create(codename="export_subscriber", content_type=readers)
    user.user_permissions.set(rights)
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_addresses_are_masked_on_every_page_for_who_may_not_see_them(
    masked: Client, digest: Digest
) -> None:
    ann = Subscriber.objects.get(address="ann@reader.example")
    delivery = ann.deliveries.get()
    suppression = reverse("admin:subscribers_suppression_changelist")
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.UNCERTAIN)
    sending.recount(digest)
    pages = [
        reverse("admin:subscribers_subscriber_changelist"),
        reverse("admin:subscribers_subscriber_change", args=[ann.pk]),
        reverse("admin:subscribers_subscriber_care", args=[ann.pk, "pause"]),
        reverse("admin:digests_delivery_changelist"),
        reverse("admin:digests_delivery_change", args=[delivery.pk]),
        reverse("admin:digests_delivery_resend", args=[delivery.pk]),
        reverse("admin:digests_feedback_changelist"),
        reverse("admin:digests_feedback_change", args=[Feedback.objects.first().pk]),  # type: ignore[union-attr]
        reverse("admin:digests_digest_uncertain", args=[digest.pk]),
        suppression,
    ]
    for address in pages:
        page = masked.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        for name in ("ann", "gone", "full", "left", "law"):
            assert f"{name}@" not in text, address
        assert "•••@reader.example" in text, address
    assert "•••@reader.example" in exported(masked)
    assert "ann@" not in exported(masked)
    saved = masked.post(
        reverse("admin:subscribers_subscriber_change", args=[ann.pk]),
        {
            "name": "Ann",
            "language": "en",
            "format": "html",
            "length": "full",
            "cadence": "issue",
            "because": "Asked.",
            "subscriptions-TOTAL_FORMS": 0,
            "subscriptions-INITIAL_FORMS": 0,
        },
        follow=True,
    ).content.decode()
    assert "ann@" not in saved
    ann.refresh_from_db()
    assert (ann.name, ann.address) == ("Ann", "ann@reader.example")


def test_who_sees_no_addresses_finds_whole_ones_and_names_but_no_parts(
    masked: Client, editor: Client, digest: Digest
) -> None:
    Subscriber.objects.filter(address="ann@reader.example").update(name="安 Ann")
    for name in ("subscribers_subscriber", "digests_delivery"):
        page = reverse(f"admin:{name}_changelist")
        for term, number in (("ann@reader.example", 1), ("安", 1), ("ann@", 0), ("reader.ex", 0)):
            found = masked.get(page, {"q": term}).context["cl"].result_list
            assert len(found) == number, (name, term)
    draft = a_draft(digest.bulletin, {"Water": digest.bulletin.topics.first()})
    page = reverse("admin:issues_issue_as_reader", args=[draft.pk])
    assert "ann@" not in masked.post(page, {"q": "安"}).content.decode()
    assert "No reader of this bulletin" in masked.post(page, {"q": "ann@re"}).content.decode()
