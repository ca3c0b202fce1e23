"""Changing one's address: confirmed at the new one, told to the old one, undone from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from digests.bounces import policy
from digests.models import Feedback
from digests.models.feedback import FeedbackKind
from publications.models import Bulletin, Topic
from subscribers import (
    address_mails,
    addresses,
    change_links,
    change_of_address,
    retention,
    signing_up,
    suppressions,
    unsubscribing,
)
from subscribers.change_links import Side
from subscribers.links import Purpose
from subscribers.models import AddressChange, Subscriber, Suppression
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, a_delivery, a_reader, topics_of
from tests.support.readers import address_of, followed

OLD, NEW = "ann@reader.example", "ann@new.example"


@pytest.fixture
def page(reader: Subscriber) -> str:
    return reverse("subscribers:change_address", args=[token_of(reader)])


@pytest.fixture
def ask(
    browser: Client,
    page: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., str]:
    """Ask for a new address; the page that follows."""

    def press(address: str = NEW, **more: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            data = {"do": "change", "address": address, **more}
            answer = browser.post(page, data, follow=True)
        return answer.content.decode()

    return press


def token_of(reader: Subscriber) -> str:
    return address_of(reader, Purpose.PREFERENCES).split("/")[2]


def link_to(address: str, mailoutbox: list[EmailMessage]) -> str:
    """The path of the link in the only mail to that address."""
    (mail,) = [one for one in mailoutbox if one.to == [address]]
    found = re.search(r"/address/\S+/", str(mail.body))
    assert found, mail.body
    return found[0]


def address(reader: Subscriber) -> str:
    reader.refresh_from_db()
    assert reader.address == reader.address_key
    return reader.address


def test_nothing_changes_before_it_is_confirmed_at_the_new_address(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    others = a_bulletin("others", name="Others")
    other = a_reader(others, OLD, topics=topics_of(others, ["Sport"]))
    text = ask()
    assert "We have written to <strong>ann@new.example" in text
    assert address(reader) == OLD
    assert sorted(mail.to[0] for mail in mailoutbox) == [NEW, OLD]
    assert OLD not in str(next(mail for mail in mailoutbox if mail.to == [NEW]).body)
    assert NEW not in str(next(mail for mail in mailoutbox if mail.to == [OLD]).body)

    link = link_to(NEW, mailoutbox)
    asked = browser.get(link).content.decode()
    assert "Send your emails to this address?" in asked
    assert "Others" in asked
    assert address(reader) == OLD
    old_token = token_of(reader)
    done = browser.post(link, follow=True).content.decode()
    assert "Your address is changed" in done
    assert address(reader) == address(other) == NEW
    assert followed(reader) == {"Law", "Markets"}
    mine = re.search(r"/preferences/[^/\"]+/", done)
    assert mine
    assert NEW in browser.get(mine[0]).content.decode()

    for purpose in (Purpose.PREFERENCES, Purpose.LEAVE):  # of mails in the old mailbox
        old = browser.get(reverse(f"subscribers:{purpose}", args=[old_token]))
        assert old.status_code == 410
        assert "before your address was changed" in old.content.decode()
    one_click = {"List-Unsubscribe": "One-Click"}
    leaving = reverse("subscribers:leave", args=[old_token])
    assert browser.post(leaving, one_click).status_code == 410
    reader.refresh_from_db()
    assert reader.is_reading
    browser.post(link)  # pressed twice
    assert address(reader) == NEW


def test_the_old_address_stops_it_before(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    ask()
    stop = link_to(OLD, mailoutbox)
    assert "a•••@new.example" in browser.get(stop).content.decode()
    assert "The address is not changed" in browser.post(stop, follow=True).content.decode()
    page = browser.post(link_to(NEW, mailoutbox), follow=True).content.decode()
    assert "nothing left to confirm" in page
    assert address(reader) == OLD


def test_the_old_address_takes_it_back_for_30_days(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    ask()
    browser.post(link_to(NEW, mailoutbox))
    assert address(reader) == NEW
    theirs = token_of(reader)
    back = link_to(OLD, mailoutbox)
    assert "Undo the change of your address?" in browser.get(back).content.decode()
    assert "as before" in browser.post(back, follow=True).content.decode()
    assert address(reader) == OLD
    assert browser.get(reverse("subscribers:preferences", args=[theirs])).status_code == 410
    browser.post(link_to(NEW, mailoutbox))
    assert address(reader) == OLD


def test_it_is_too_late_after_30_days(reader: Subscriber) -> None:
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    assert not change_of_address.confirm(change.pk, at=NOON + timedelta(days=8))
    assert change_of_address.confirm(change.pk, at=NOON + timedelta(days=1))
    assert not change_of_address.end(change.pk, at=NOON + timedelta(days=32))
    assert address(reader) == NEW


def test_each_side_has_its_own_link(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    ask()
    change = AddressChange.objects.get()
    for side, route in ((Side.FORMER, Side.NEW), (Side.NEW, Side.FORMER)):
        token = change_links.token(change, side)
        where = reverse(f"subscribers:{route}", args=[token])
        assert browser.post(where).status_code == 403
    assert address(reader) == OLD
    change.delete()
    assert browser.get(link_to(NEW, mailoutbox)).status_code == 410


def test_a_mailbox_that_reads_already_learns_it_by_mail_and_not_by_the_page(
    ask: Callable[..., str],
    bulletin: Bulletin,
    reader: Subscriber,
    topics: list[Topic],
    mailoutbox: list[EmailMessage],
) -> None:
    there = a_reader(bulletin, NEW, topics=topics[2:])
    assert "We have written to <strong>ann@new.example" in ask()
    mail = next(one for one in mailoutbox if one.to == [NEW])
    assert "already gets them" in str(mail.body).replace("\n", " ")
    assert "/address/" not in str(mail.body)
    change = AddressChange.objects.get()
    assert not change_of_address.confirm(change.pk, at=timezone.now())
    assert (address(reader), address(there)) == (OLD, NEW)


def test_what_the_new_mailbox_reads_already_stays_and_the_rest_moves(
    bulletin: Bulletin, reader: Subscriber
) -> None:
    a_reader(bulletin, NEW)
    other = a_reader(a_bulletin("others"), OLD)
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    assert change_of_address.confirm(change.pk, at=NOON)
    assert (address(reader), address(other)) == (OLD, NEW)


def test_who_left_at_the_new_address_keeps_that_at_the_old_one(
    bulletin: Bulletin, reader: Subscriber, topics: list[Topic]
) -> None:
    gone = a_reader(bulletin, NEW, topics=topics)
    unsubscribing.unsubscribe(gone.pk, at=NOON, reason=EndReason.LEFT)
    signing_up.sign_up(
        bulletin, address=addresses.parse(NEW), topics=topics, language="en", at=NOON
    )
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    assert change_of_address.confirm(change.pk, at=NOON)
    assert (address(reader), address(gone)) == (NEW, OLD)
    assert gone.unsubscribed_at == NOON
    assert not signing_up.confirm(gone.pk, at=NOON)
    assert change_of_address.end(change.pk, at=NOON)
    assert (address(reader), address(gone)) == (OLD, NEW)


def test_who_never_confirmed_at_the_new_address_is_forgotten(
    bulletin: Bulletin, reader: Subscriber, topics: list[Topic]
) -> None:
    signing_up.sign_up(
        bulletin, address=addresses.parse(NEW), topics=topics, language="en", at=NOON
    )
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    assert change_of_address.confirm(change.pk, at=NOON)
    assert Subscriber.objects.get() == reader
    assert address(reader) == NEW


def test_somebody_who_signs_up_at_the_old_address_meanwhile_keeps_it(
    bulletin: Bulletin, reader: Subscriber
) -> None:
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    change_of_address.confirm(change.pk, at=NOON)
    there = a_reader(bulletin, OLD)
    assert change_of_address.end(change.pk, at=NOON)
    assert (address(reader), address(there)) == (NEW, OLD)


@pytest.mark.parametrize("confirmations_only", [True, False])
def test_a_suppressed_address_is_not_written_to_and_the_page_is_the_same(
    confirmations_only: bool,
    ask: Callable[..., str],
    mailoutbox: list[EmailMessage],
) -> None:
    if confirmations_only:
        suppressions.refuse_confirmations(NEW, at=NOON)
    else:
        reason = SuppressionReason.HARD_BOUNCE
        suppressions.suppress(NEW, reason=reason, evidence="", at=NOON)
    assert "We have written to <strong>ann@new.example" in ask()
    assert [mail.to for mail in mailoutbox] == [[OLD]]


def test_an_old_address_that_comes_back_can_be_changed(
    ask: Callable[..., str],
    browser: Client,
    reader: Subscriber,
    mailoutbox: list[EmailMessage],
) -> None:
    suppressions.suppress(OLD, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON)
    ask()
    assert [mail.to for mail in mailoutbox] == [[NEW]]
    browser.post(link_to(NEW, mailoutbox))
    assert Subscriber.objects.mailable(at=timezone.now()).get() == reader


def test_nobody_is_written_to_more_than_three_times_a_day(
    ask: Callable[..., str], browser: Client, page: str, mailoutbox: list[EmailMessage]
) -> None:
    for n in range(5):
        text = ask(f"ann{n}@new.example")
    assert "three times today" in text
    assert len([mail for mail in mailoutbox if mail.to == [OLD]]) == 3
    mailoutbox.clear()
    browser.post(page, {"do": "stop"})
    ask("ann1@new.example")
    assert not mailoutbox


def test_the_last_wish_counts(ask: Callable[..., str], reader: Subscriber) -> None:
    ask("ann1@new.example")
    ask("ann2@new.example")  # the form is there only after stopping; a page left open is not
    assert [one.address for one in AddressChange.objects.all()] == ["ann2@new.example"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [(OLD.upper(), "already go to this address"), ("ann", "address in full"), ("", "required")],
)
def test_what_is_no_new_address_is_said(
    typed: str, said: str, ask: Callable[..., str], mailoutbox: list[EmailMessage]
) -> None:
    text = ask(typed)
    assert said in text
    assert "<title>Error:" in text
    assert not mailoutbox


def test_it_can_be_stopped_on_the_page(
    ask: Callable[..., str], browser: Client, page: str, reader: Subscriber
) -> None:
    ask()
    text = browser.post(page, {"do": "stop"}, follow=True).content.decode()
    assert "The change is cancelled." in text
    assert "New email address" in text
    assert browser.post(page, {"do": "dance"}).status_code == 302


def test_who_left_cannot_change_it(
    ask: Callable[..., str], reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.COMPLAINT)
    assert "nothing to change" in ask()
    assert not AddressChange.objects.exists()


def test_a_mail_that_waits_is_not_sent_once_it_is_stopped(
    reader: Subscriber, mailoutbox: list[EmailMessage]
) -> None:
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    change_of_address.end(change.pk, at=NOON)
    address_mails.send_due(change.pk, at=NOON)
    assert not mailoutbox


def test_notices_are_sent_once(reader: Subscriber, mailoutbox: list[EmailMessage]) -> None:
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    for _ in range(2):
        address_mails.send_due(change.pk, at=NOON)
    assert len(mailoutbox) == 2
    assert not AddressChange.objects.due(at=NOON + timedelta(days=1)).exists()


def test_changes_are_forgotten_when_nobody_can_take_them_back(reader: Subscriber) -> None:
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    retention.forget(at=NOON + timedelta(days=6))
    assert AddressChange.objects.exists()
    change_of_address.confirm(change.pk, at=NOON)
    retention.forget(at=NOON + timedelta(days=29))
    assert AddressChange.objects.exists()
    retention.forget(at=NOON + timedelta(days=31))
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize(
    ("settled_at", "suppressed"),
    [(NOON - timedelta(hours=1), OLD), (NOON + timedelta(hours=1), NEW)],
)
@pytest.mark.parametrize("kind", [FeedbackKind.HARD_BOUNCE, FeedbackKind.COMPLAINED])
@pytest.mark.django_db
def test_what_comes_back_of_a_mail_to_the_old_address_says_nothing_of_the_new_one(
    settled_at: datetime, suppressed: str, kind: FeedbackKind
) -> None:
    delivery = a_delivery()
    reader = delivery.subscriber
    assert reader
    change = change_of_address.request(reader, addresses.parse(NEW), at=NOON)
    change_of_address.confirm(change.pk, at=NOON)
    delivery.settled_at = settled_at
    reader.refresh_from_db()
    back = Feedback(delivery=delivery, subscriber=reader, kind=kind, received_at=NOON)
    policy.apply(back, at=NOON + timedelta(hours=2))
    assert Suppression.objects.get().address_key == suppressed
    reader.refresh_from_db()
    moved_on = suppressed == OLD or kind == FeedbackKind.HARD_BOUNCE
    assert reader.is_reading == moved_on


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_same_address_at_once_one_gets_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    for n in range(8):
        bulletin = a_bulletin(f"letters{n}")
        readers = [a_reader(bulletin, f"{name}{n}@reader.example") for name in ("ann", "ben")]
        new = addresses.parse(f"new{n}@reader.example")
        changes = [change_of_address.request(one, new, at=NOON).pk for one in readers]
        both = Barrier(len(changes))

        def want(change: int, start: Barrier = both) -> bool:
            try:
                start.wait()
                return change_of_address.confirm(change, at=NOON)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(changes)) as pool:
            assert sorted(pool.map(want, changes)) == [False, True]
        there = Subscriber.objects.filter(bulletin=bulletin)
        assert there.filter(address_key=new.key).count() == 1
        assert there.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_signs_up_at_the_new_address_at_that_moment_stands_in_nobodys_way() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    for n in range(8):
        bulletin = a_bulletin(f"letters{n}")
        topics = topics_of(bulletin, ["Law"])
        reader = a_reader(bulletin, f"ann{n}@reader.example", topics=topics)
        new = addresses.parse(f"new{n}@reader.example")
        change = change_of_address.request(reader, new, at=NOON)
        start = Barrier(2)

        def sign_up(of: Bulletin, address: addresses.Address, at: Barrier, topic: Topic) -> bool:
            try:
                at.wait()
                signing_up.sign_up(of, address=address, topics=[topic], language="en", at=NOON)
            finally:
                connection.close()
            return True

        def confirm(pk: int, at: Barrier) -> bool:
            try:
                at.wait()
                return change_of_address.confirm(pk, at=NOON)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            stranger = pool.submit(sign_up, bulletin, new, start, topics[0])
            mine = pool.submit(confirm, change.pk, start)
            assert stranger.result()
            assert mine.result()
        assert address(reader) == new.key
        assert Subscriber.objects.filter(bulletin=bulletin).count() == 1
