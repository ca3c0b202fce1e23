"""A reader who asks for it is erased from their card; what stays is said before."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit_log.models import Entry
from backoffice.roles import EDITOR, OPERATOR, READER_CARE
from digests.models import Delivery, Feedback
from digests.models.feedback import FeedbackKind
from issues.models import Issue
from subscribers import erased_addresses, suppressions
from subscribers.models import KeywordAlert, Subscriber, Suppression
from subscribers.models.suppression import SuppressionReason
from tests.support.colleagues import a_colleague, browser_of
from tests.support.factories import NOON, a_digest, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db

ANN = "ann@reader.example"


@pytest.fixture
def reader() -> Subscriber:
    """A reader with a mail, a keyword, a note and a suppression; also one of another bulletin."""
    of = weather("here")
    made = a_reader(of, ANN, topics=list(of.topics.all()), name="Ann")
    a_digest(an_issue(of, status=Issue.Status.DRAFT))
    KeywordAlert.objects.create(subscriber=made, phrase="snow", key="snow")
    made.notes.create(text="Calls on Mondays.", written_at=NOON)
    suppressions.suppress(ANN, reason=SuppressionReason.EDITOR, evidence="Asked.", at=NOON)
    a_reader(weather("there"), ANN)
    return made


@pytest.fixture
def browser(reader: Subscriber) -> Client:
    return browser_of(a_colleague("carer", READER_CARE))


def page_of(reader: Subscriber) -> str:
    return reverse("admin:subscribers_subscriber_delete", args=[reader.pk])


def test_it_asks_first_and_says_what_stays(browser: Client, reader: Subscriber) -> None:
    card = browser.get(reverse("admin:subscribers_subscriber_change", args=[reader.pk]))
    assert page_of(reader) in card.content.decode()
    page = browser.get(page_of(reader)).content.decode()
    assert "What stays" in page
    assert "it stays suppressed" in page
    assert "The reader with the same address in The there." in page
    browser.post(page_of(reader), {"because": ""})
    assert Subscriber.objects.filter(pk=reader.pk).exists()


def test_the_reader_is_erased_and_the_log_has_no_address(
    browser: Client, reader: Subscriber
) -> None:
    done = browser.post(page_of(reader), {"because": "By letter."}, follow=True)
    assert "The reader is erased." in done.content.decode()
    assert not Subscriber.objects.filter(pk=reader.pk).exists()
    assert not KeywordAlert.objects.exists()
    assert Subscriber.objects.filter(address=ANN).count() == 1
    assert Suppression.objects.current().filter(address_key=ANN).exists()
    assert erased_addresses.erased([ANN]) == {ANN}
    assert Delivery.objects.get().subscriber_id is None
    entry = Entry.objects.get(act="reader.erased")
    assert (entry.reader_id, entry.after) == (reader.pk, {"because": "By letter."})
    assert "ann" not in f"{entry.subject}{entry.before}{entry.after}".lower()
    assert browser.post(page_of(reader), {"because": "Twice."}).status_code == 403


def test_no_answer_of_a_mail_server_keeps_the_address(browser: Client, reader: Subscriber) -> None:
    said = f"550 <{ANN}>: Recipient address rejected"
    delivery = reader.deliveries.get()
    Delivery.objects.filter(pk=delivery.pk).update(smtp_response=said)
    about: dict[str, dict[str, Any]] = {
        "one": {"delivery": delivery, "subscriber": reader},
        "two": {"delivery": delivery, "subscriber": None},
        "three": {"delivery": None, "subscriber": reader},
    }
    for key, words in about.items():
        Feedback.objects.create(
            kind=FeedbackKind.HARD_BOUNCE, received_at=NOON, key=key, detail=said, **words
        )
    browser.post(page_of(reader), {"because": "By letter."})
    kept = [
        Delivery.objects.get().smtp_response,
        *Feedback.objects.values_list("detail", flat=True),
    ]
    assert kept == ["550 <•••>: Recipient address rejected"] * 4


def test_who_is_chosen_in_the_list_is_erased_too(browser: Client, reader: Subscriber) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [reader.pk], "post": "yes"}
    browser.post(reverse("admin:subscribers_subscriber_changelist"), chosen)
    assert not Subscriber.objects.filter(pk=reader.pk).exists()
    assert erased_addresses.erased([ANN]) == {ANN}
    assert Entry.objects.filter(act="reader.erased", reader_id=reader.pk).exists()


@pytest.mark.parametrize("role", [EDITOR, OPERATOR])
def test_others_may_not(reader: Subscriber, role: str) -> None:
    browser = browser_of(a_colleague("other", role))
    assert browser.post(page_of(reader), {"because": "x"}).status_code == 403
    assert Subscriber.objects.filter(pk=reader.pk).exists()


def test_nor_who_cares_for_another_bulletin(reader: Subscriber) -> None:
    there = Subscriber.objects.exclude(pk=reader.pk).get()
    browser = browser_of(a_colleague("there", READER_CARE, of=there.bulletin))
    assert browser.post(page_of(reader), {"because": "x"}).status_code == 403
    page = browser.get(page_of(there)).content.decode()
    assert "The here" not in page
