"""Who may see addresses in one bulletin alone sees them there, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit_log.models import Entry
from backoffice.roles import READER_CARE
from digests import sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import FeedbackKind
from foundation.masking import masked_in
from issues.models import Issue
from publications.models import Membership
from subscribers import suppressions
from subscribers.models import Subscriber
from subscribers.models.suppression import SuppressionReason
from tests.support.colleagues import a_colleague, browser_of
from tests.support.factories import NOON, a_digest, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db

HERE, THERE = "here@reader.example", "there@reader.example"
MASKED_THERE = "t•••@reader.example"


@pytest.fixture
def digests() -> list[Digest]:
    """A mailing of each of two bulletins, each with a reader, a suppressed one, and feedback."""
    made = []
    for slug in ("here", "there"):
        of = weather(slug)
        topics = list(of.topics.all())
        reader = a_reader(of, f"{slug}@reader.example", topics=topics, name=f"Name of {slug}")
        gone = a_reader(of, f"{slug}.gone@reader.example", topics=topics)
        suppressions.suppress(
            gone.address_key, reason=SuppressionReason.EDITOR, evidence="Asked.", at=NOON
        )
        digest = a_digest(an_issue(of, status=Issue.Status.DRAFT))
        delivery = digest.deliveries.get(subscriber=reader)
        Delivery.objects.filter(pk=delivery.pk).update(
            status=DeliveryStatus.UNCERTAIN, smtp_response=f"<{reader.address}>: full"
        )
        sending.recount(digest)
        Feedback.objects.create(
            delivery=delivery, subscriber=reader, kind=FeedbackKind.SOFT_BOUNCE, received_at=NOON,
            key=slug, detail=f"<{reader.address}>: full",
        )  # fmt: skip
        made.append(digest)
    return made


@pytest.fixture
def browser(digests: list[Digest]) -> Client:
    """The browser of who cares for readers in both bulletins, and sees addresses in the first."""
    here, there = (digest.bulletin for digest in digests)
    user = a_colleague("carer", READER_CARE, of=here)
    blind = Group.objects.create(name="Blind care")
    care = Group.objects.get(role__key=READER_CARE)
    blind.permissions.set(care.permissions.exclude(codename="view_address"))
    blind.permissions.add(*Permission.objects.filter(codename__in=["change_delivery"]))
    Membership.objects.create(user=user, bulletin=there, group=blind)
    return browser_of(user)


@pytest.mark.parametrize(
    "name",
    ["subscribers_subscriber", "digests_delivery", "digests_feedback", "subscribers_suppression"],
)
def test_lists_and_files_show_the_addresses_of_the_one(browser: Client, name: str) -> None:
    page = browser.get(reverse(f"admin:{name}_changelist")).content.decode()
    file: Any = browser.post(reverse(f"admin:{name}_export", args=["csv"]))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    for shown in (page, text):
        assert "here" in shown
        assert "here@reader.example" in shown or "here.gone@reader.example" in shown
        assert "there@" not in shown
        assert "there.gone@" not in shown
        assert MASKED_THERE in shown
    assert Entry.objects.get(act="list.exported").after["masked"] is True


def test_a_file_without_a_masked_row_is_not_called_masked(browser: Client) -> None:
    here = Subscriber.objects.get(address=HERE).bulletin_id
    address = reverse("admin:subscribers_subscriber_export", args=["csv"])
    file: Any = browser.post(f"{address}?bulletin__id__exact={here}")
    assert HERE in b"".join(file.streaming_content).decode()
    assert Entry.objects.get(act="list.exported").after["masked"] is False


@pytest.mark.parametrize(("address", "shown"), [(HERE, HERE), (THERE, MASKED_THERE)])
def test_pages_of_one_reader(
    browser: Client, digests: list[Digest], address: str, shown: str
) -> None:
    reader = Subscriber.objects.get(address=address)
    delivery = reader.deliveries.get()
    draft = an_issue(reader.bulletin, status=Issue.Status.DRAFT)
    pages = {
        reverse("admin:subscribers_subscriber_change", args=[reader.pk]),
        reverse("admin:subscribers_subscriber_care", args=[reader.pk, "pause"]),
        reverse("admin:digests_delivery_change", args=[delivery.pk]),
        reverse("admin:digests_feedback_change", args=[delivery.feedback.get().pk]),
        reverse("admin:issues_issue_as_this_reader", args=[draft.pk, reader.pk]),
    }
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert shown in answer.content.decode(), page
        if address == THERE:
            assert THERE not in answer.content.decode(), page


def test_parts_of_addresses_find_readers_of_the_one_names_of_both(browser: Client) -> None:
    for name in ("subscribers_subscriber", "digests_delivery"):
        page = reverse(f"admin:{name}_changelist")
        for term, number in (
            ("here@rea", 1),  # and not of t-here
            ("there@", 0),
            (THERE, 1),
            ("Name of", 2),
        ):
            found = browser.get(page, {"q": term}).context["cl"].result_list
            assert len(found) == number, (name, term)


def test_a_mail_as_of_a_reader_is_found_by_parts_of_addresses_in_the_one(
    browser: Client, digests: list[Digest]
) -> None:
    for digest, term, found in zip(digests, ("here@r", "there@r"), (True, False), strict=True):
        draft = an_issue(digest.bulletin, status=Issue.Status.DRAFT)
        page = browser.post(
            reverse("admin:issues_issue_as_reader", args=[draft.pk]), {"q": term}
        ).content.decode()
        assert ("No reader of this bulletin" not in page) == found


def test_readers_to_look_after(browser: Client, digests: list[Digest]) -> None:
    for digest in digests:
        for address in ("an.n@gmail.com", "ann@gmail.com"):
            a_reader(digest.bulletin, address)
    page = browser.get(reverse("admin:subscribers_subscriber_look_after")).content.decode()
    assert page.count("an.n@gmail.com") == 1
    assert page.count("a•••@gmail.com") == 2


def test_lists_ask_no_more_of_the_database_for_it(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = reverse("admin:subscribers_subscriber_changelist")
    browser.get(page)
    with django_assert_max_num_queries(14):
        browser.get(page)


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("subscribers_subscriber", "address__startswith"),
        ("subscribers_subscriber", "address_key__gt"),
        ("subscribers_suppression", "address_key__regex"),
        ("digests_delivery", "smtp_response__contains"),
        ("digests_feedback", "detail__contains"),
        ("digests_delivery", "subscriber__address__startswith"),
    ],
)
def test_no_list_is_narrowed_by_letters_of_what_is_masked(
    browser: Client, name: str, lookup: str
) -> None:
    address = reverse(f"admin:{name}_changelist")
    assert browser.get(address).status_code == 200
    for letter in ("t", "z"):
        page = browser.get(address, {lookup: letter})
        assert page.status_code == 400
        assert b"reader.example" not in page.content
    assert not Entry.objects.exists()


def test_the_log_names_no_address_by_which_a_list_was_narrowed(browser: Client) -> None:
    export = reverse("admin:subscribers_subscriber_export", args=["csv"])
    browser.post(f"{export}?address__exact={HERE}").getvalue()
    assert Entry.objects.get().after["filters"] == {"address__exact": "h•••@reader.example"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<ann@office.example>: full", "<a•••@office.example>: full"),
        ("ann@office.example；bob@office.example", "a•••@office.example；b•••@office.example"),
        ("ann@office.example/bob@office.example", "a•••@office.example/•••@office.example"),
        ("邮箱：ann＠office.example（安）", "邮箱：a•••@office.example（安）"),
    ],
)
def test_every_address_of_a_text_is_masked(text: str, shown: str) -> None:
    assert masked_in(text) == shown
