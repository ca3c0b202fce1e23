"""The pages beside a reader's choices: their mails, why they get them, their data, erasing it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from digests import sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import FeedbackKind
from issues.models import Issue
from mail.delivery import Accepted, Deferred, Outcome
from publications.models import Bulletin, Topic
from subscribers import (
    addresses,
    change_of_address,
    erased_addresses,
    erasing,
    erasure_mail,
    notices,
    preferences,
    signing_up,
    suppressions,
    unsubscribing,
)
from subscribers.links import Purpose
from subscribers.models import (
    AddressChange,
    ErasureNotice,
    NoticeLimit,
    Subscriber,
    Subscription,
    Suppression,
)
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from subscribers.own_data import COLUMNS
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.readers import address_of


@pytest.fixture
def token(reader: Subscriber) -> str:
    return address_of(reader, Purpose.PREFERENCES).split("/")[2]


@pytest.fixture
def delivery(reader: Subscriber, topics: list[Topic]) -> Delivery:
    """A mail that was sent to the reader, of a digest that is finished."""
    draft = a_draft(reader.bulletin, {topic.name_en: topic for topic in topics})
    return sent(a_digest(draft), reader)


def sent(digest: Digest, reader: Subscriber) -> Delivery:
    Delivery.objects.filter(digest=digest).update(status=DeliveryStatus.SENT, settled_at=NOON)
    sending.recount(digest)
    sending.finish(digest, at=NOON)
    return digest.deliveries.get(subscriber=reader)


def mails(token: str) -> str:
    return reverse("digests:my_mails", args=[token])


# My mails


def test_a_reader_sees_each_mail_without_their_own_links(
    browser: Client, token: str, delivery: Delivery, reader: Subscriber
) -> None:
    page = browser.get(mails(token)).content.decode()
    assert "Letters No. 9" in page
    assert "2 articles" in page
    assert "News of Law" in page
    assert "News of Science" not in page
    found = re.search(r'href="(/editions/[^"]+)"', page)
    assert found
    seen = browser.get(found[1])
    assert seen.status_code == 200
    assert reader.address not in seen.content.decode()
    assert "/preferences/" not in seen.content.decode()


def test_a_reader_has_a_mail_sent_again_three_times_a_day_at_most(
    browser: Client, token: str, delivery: Delivery
) -> None:
    other = a_reader(delivery.digest.bulletin, "ben@reader.example")
    assert "Send it again" in browser.get(mails(token)).content.decode()
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "The email is being sent again." in page
    assert "on its way" in page
    assert "Send it again" not in page
    delivery.refresh_from_db()
    assert (delivery.status, delivery.resends) == (DeliveryStatus.QUEUED, 1)
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "on its way already" in page
    for again in (1, 2):
        sent(delivery.digest, delivery.subscriber or other)
        page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
        assert "The email is being sent again." in page, again
    sent(delivery.digest, delivery.subscriber or other)
    Delivery.objects.update(resends=0)
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "three emails sent again today" in page
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


def test_one_mail_is_sent_again_three_times_at_most(
    browser: Client, token: str, delivery: Delivery
) -> None:
    Delivery.objects.update(resends=sending.MAX_RESENDS)
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "three times, which is the most" in page
    assert "Send it again" not in page


def test_who_paused_reads_why_nothing_is_sent(
    browser: Client, token: str, delivery: Delivery, reader: Subscriber
) -> None:
    preferences.pause(reader.pk, at=timezone.now())
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "Nothing can be sent to you at present" in page
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


@pytest.mark.parametrize("number", ["", "x", "-1", "９", "9" * 30, "\x00"])
def test_what_is_no_mail_of_theirs_is_not_sent(
    number: str, browser: Client, token: str, delivery: Delivery
) -> None:
    assert browser.post(mails(token), {"delivery": number}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


def test_the_mail_of_somebody_else_is_neither_shown_nor_sent(
    browser: Client, delivery: Delivery, bulletin: Bulletin
) -> None:
    other = a_reader(bulletin, "ben@reader.example")
    theirs = address_of(other, Purpose.PREFERENCES).split("/")[2]
    assert "Nothing has been sent to you yet" in browser.get(mails(theirs)).content.decode()
    browser.post(mails(theirs), {"delivery": delivery.pk})
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


def test_a_withdrawn_issue_is_not_sent_again(
    browser: Client, token: str, delivery: Delivery
) -> None:
    Issue.objects.update(status=Issue.Status.WITHDRAWN, withdrawn_at=NOON + timedelta(1))
    page = browser.post(mails(token), {"delivery": delivery.pk}, follow=True).content.decode()
    assert "The issue is withdrawn." in page


def test_the_page_asks_few_questions_however_many_mails(
    browser: Client,
    token: str,
    delivery: Delivery,
    reader: Subscriber,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(3):
        draft = a_draft(reader.bulletin, {"Law": reader.bulletin.topics.all()[0]})
        sent(a_digest(draft, at=NOON + timedelta(n + 1)), reader)
    # The reader, the mails, their issues, what was left out of them, sections, articles.
    with django_assert_num_queries(6):
        browser.get(mails(token))


# Why


def test_the_page_says_which_topics_and_words_since_when_and_how(
    browser: Client, token: str, reader: Subscriber
) -> None:
    reader.keyword_alerts.create(phrase="heat pumps", key="heat pump")
    Subscription.objects.update(consent="asked for on paper")
    page = browser.get(reverse("subscribers:why", args=[token])).content.decode()
    for words in (
        "Law",
        "Markets",
        "since 14 September 2026: signed up",
        "heat pumps",
        "consent: asked for on paper",
        "Confirmed",
    ):
        assert words in page
    assert "Science" not in page


# My data


def test_all_that_is_kept_is_in_the_file(
    browser: Client, token: str, delivery: Delivery, reader: Subscriber, topics: list[Topic]
) -> None:
    others = a_bulletin("others", name="Others")
    a_reader(others, reader.address, topics=topics_of(others, ["Sport"]))
    stranger = a_reader(others, "ben@reader.example")
    stranger.notes.create(text="Somebody else.", written_at=NOON)
    reader.notes.create(text="Calls on Mondays.", written_at=NOON)
    reader.keyword_alerts.create(phrase="氢能", key="氢能")
    preferences.stop(reader.pk, topic_id=topics[0].pk, at=NOON)
    Feedback.objects.create(
        delivery=delivery, subscriber=reader, kind=FeedbackKind.SOFT_BOUNCE, received_at=NOON
    )
    change_of_address.request(reader, addresses.parse("ann@new.example"), at=NOON)
    suppressions.refuse_confirmations(reader.address_key, at=NOON)
    answer = browser.get(reverse("digests:my_data", args=[token]))
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]
    assert {"private", "no-store"} <= {each.strip() for each in answer["Cache-Control"].split(",")}
    text = answer.content.decode()
    assert "氢能" in text
    assert "ben@" not in text
    assert "Somebody else" not in text
    data = json.loads(text)
    here, there = data["bulletins"]
    assert (here["bulletin"], there["bulletin"]) == ("Letters", "Others")
    assert here["address"] == reader.address
    ended = [row for row in here["topics"] if row["until"]]
    assert [(row["topic"], row["why_it_ended"]) for row in ended] == [("Law", "section")]
    assert here["notes_of_the_office"][0]["text"] == "Calls on Mondays."
    assert here["mails"][0]["status"] == "sent"
    assert here["mails"][0]["came_back"][0]["what"] == "soft_bounce"
    assert data["changes_of_address"][0]["address"] == "ann@new.example"
    assert data["must_not_be_mailed"][0]["reason"] == "not-me"
    again = browser.post(reverse("digests:my_data", args=[token]))
    assert again.status_code == 200


def test_every_column_of_a_reader_is_in_the_file_or_left_out_for_a_reason() -> None:
    left_out = {
        "id", "bulletin", "address_key",  # said otherwise
        "link_key",  # opens pages
        "confirmation_due_at", "goodbye_due_at", "greeting_due_at",  # of mails that are being sent
    }  # fmt: skip
    assert {field.name for field in Subscriber._meta.fields} == {*COLUMNS, *left_out}


def test_a_request_that_waits_is_in_the_file(
    browser: Client, bulletin: Bulletin, topics: list[Topic]
) -> None:
    reader = signing_up.sign_up(
        bulletin,
        address=addresses.parse("eve@reader.example"),
        topics=topics[:1],
        language="en",
        at=NOON,
    )
    token = address_of(reader, Purpose.PREFERENCES).split("/")[2]
    data = browser.get(reverse("digests:my_data", args=[token])).json()
    assert data["bulletins"][0]["waiting_to_be_confirmed"]["topics"] == ["Law"]


# Erasing


def test_erasing_asks_and_then_erases_all_of_the_mailbox(
    browser: Client, token: str, delivery: Delivery, reader: Subscriber
) -> None:
    gone = a_reader(a_bulletin("others", name="Others"), reader.address)
    unsubscribing.unsubscribe(gone.pk, at=NOON, reason=EndReason.LEFT)
    stranger = a_reader(reader.bulletin, "ben@reader.example")
    theirs = change_of_address.request(stranger, addresses.parse(reader.address), at=NOON)
    change_of_address.request(reader, addresses.parse("ann@new.example"), at=NOON)
    reader.notes.create(text="Calls on Mondays.", written_at=NOON)
    page = reverse("subscribers:erase", args=[token])
    asked = browser.get(page).content.decode()
    assert "cannot be undone" in asked
    assert "Others:" in asked
    assert "keyed hash" in asked
    assert Subscriber.objects.count() == 3

    done = browser.post(page).content.decode()
    assert "Your data has been deleted" in done
    assert reader.address not in done
    assert list(Subscriber.objects.all()) == [stranger]
    assert not AddressChange.objects.exists()
    assert theirs.pk
    assert erased_addresses.erased([reader.address_key]) == {reader.address_key}
    delivery.refresh_from_db()
    assert (delivery.subscriber_id, delivery.status) == (None, DeliveryStatus.SENT)
    assert browser.get(page).status_code == 410
    assert browser.post(page).status_code == 410


def test_one_last_email_says_so_once_and_then_the_address_is_gone(
    browser: Client,
    token: str,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(reverse("subscribers:erase", args=[token])).content.decode()
    assert "One last email" in page
    (mail,) = mailoutbox
    assert mail.to == [reader.address]
    assert "has been deleted" in mail.subject
    assert "keyed hash" in str(mail.body)
    assert not re.search(r"/(preferences|confirm|leave|undo|pause)/", mail.message().as_string())
    assert not ErasureNotice.objects.exists()


def test_the_last_email_is_claimed_once_and_waits_for_the_server(
    reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = erasing.erase_mailbox(reader, at=NOON)
    assert notice
    assert erasing.erase_mailbox(reader, at=NOON) is None
    outcomes: list[Outcome] = [Deferred("later", 451), Accepted("", 250)]
    monkeypatch.setattr(notices, "send", lambda *_, **__: outcomes.pop(0))
    for minutes in (0, 0, 1):
        erasure_mail.send_due(notice.pk, at=NOON + timedelta(minutes=minutes))
    assert (outcomes, ErasureNotice.objects.count()) == ([], 0)


def test_an_address_that_must_not_be_mailed_gets_no_last_email(reader: Subscriber) -> None:
    reason = SuppressionReason.COMPLAINED
    suppressions.suppress(reader.address_key, reason=reason, evidence="", at=NOON)
    assert erasing.erase_mailbox(reader, at=NOON) is None


def test_a_last_email_that_cannot_be_mailed_for_a_day_is_forgotten(reader: Subscriber) -> None:
    notice = erasing.erase_mailbox(reader, at=NOON)
    assert notice
    erasure_mail.send_due(notice.pk, at=NOON + timedelta(days=1, minutes=1))
    assert not ErasureNotice.objects.exists()


def test_an_address_that_must_not_be_mailed_stays_so_and_the_page_says_it(
    browser: Client, token: str, reader: Subscriber
) -> None:
    reason = SuppressionReason.COMPLAINED
    suppressions.suppress(reader.address_key, reason=reason, evidence="", at=NOON)
    page = reverse("subscribers:erase", args=[token])
    assert "nothing must be sent to this address" in browser.get(page).content.decode()
    assert "nothing must be sent to this address" in browser.post(page).content.decode()
    assert Suppression.objects.current().filter(address_key=reader.address_key).exists()


def test_nothing_of_it_stands_where_mails_sent_again_were_counted(
    browser: Client, token: str, delivery: Delivery
) -> None:
    browser.post(mails(token), {"delivery": delivery.pk})
    browser.post(reverse("subscribers:erase", args=[token]))
    assert not NoticeLimit.objects.filter(kind=NoticeLimit.Kind.RESEND).exists()


def test_the_page_of_choices_leads_to_all_of_them(browser: Client, token: str) -> None:
    page = browser.get(reverse("subscribers:preferences", args=[token])).content.decode()
    for name in (
        "digests:my_mails",
        "digests:my_data",
        "subscribers:why",
        "subscribers:erase",
        "subscribers:change_address",
    ):
        assert f'href="{reverse(name, args=[token])}"' in page
