"""What comes back is written down once, tied to the delivery, and acted on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digests import audience, bounces, sending
from digests.bounces import Receipt
from digests.models import Delivery, Digest, Edition, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import FeedbackKind
from mail.bounces.return_path import ReturnPath
from publications.models import Bulletin, Topic
from subscribers import addresses, links, signing_up, suppressions, unsubscribing
from subscribers.links import LEAVING, NOTICE, Purpose
from subscribers.models import Subscriber, Suppression
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import a_reader
from tests.support.returned_mails import LATER, key_of, mail, sent_digest

HOUR = timedelta(hours=1)


def suppressed() -> str | None:
    """Why the only suppressed address is."""
    held = Suppression.objects.current().first()
    return held.reason if held else None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("postfix-gone", FeedbackKind.HARD_BOUNCE),
        ("exim-gone", FeedbackKind.HARD_BOUNCE),
        ("exchange-online-gone", FeedbackKind.HARD_BOUNCE),
        ("qq-own-form", FeedbackKind.HARD_BOUNCE),
        ("qmail-gone", FeedbackKind.HARD_BOUNCE),
        ("envelope-id-only", FeedbackKind.HARD_BOUNCE),
        ("postfix-full", FeedbackKind.SOFT_BOUNCE),
        ("postfix-qq-frequency", FeedbackKind.SOFT_BOUNCE),
        ("postfix-outlook-policy", FeedbackKind.BLOCKED),
        ("postfix-delay", FeedbackKind.DELAYED),
        ("postfix-success", FeedbackKind.DELIVERED),
        ("arf-abuse", FeedbackKind.COMPLAINED),
    ],
)
def test_it_is_tied_to_the_delivery_and_only_a_hard_bounce_or_a_complaint_suppresses_at_once(
    name: str, kind: FeedbackKind, delivery: Delivery
) -> None:
    assert bounces.receive(mail(name, key_of(delivery)), at=LATER) is Receipt.RECORDED
    event = Feedback.objects.get()
    assert (event.delivery, event.subscriber, event.kind) == (delivery, delivery.subscriber, kind)
    reasons = {
        FeedbackKind.HARD_BOUNCE: SuppressionReason.HARD_BOUNCE,
        FeedbackKind.COMPLAINED: SuppressionReason.COMPLAINED,
    }
    assert suppressed() == reasons.get(kind)


def test_the_same_mail_twice_is_one_event(delivery: Delivery) -> None:
    data = mail("postfix-gone", key_of(delivery))
    assert bounces.receive(data, at=LATER) is Receipt.RECORDED
    relayed = b"Received: from another.example\r\n" + data
    assert bounces.receive(relayed, at=LATER + HOUR) is Receipt.KNOWN
    assert Feedback.objects.count() == Suppression.objects.count() == 1


def test_what_was_lifted_is_not_suppressed_again_by_the_same_mail(delivery: Delivery) -> None:
    data = mail("postfix-gone", key_of(delivery))
    bounces.receive(data, at=LATER)
    suppressions.lift(Suppression.objects.get().pk, because="The mailbox is back", at=LATER)
    bounces.receive(data, at=LATER + HOUR)
    assert suppressed() is None


def test_a_complaint_ends_the_subscription_at_once(delivery: Delivery, reader: Subscriber) -> None:
    bounces.receive(mail("arf-abuse", key_of(delivery)), at=LATER)
    reader.refresh_from_db()
    assert reader.unsubscribed_at == LATER
    assert set(reader.subscriptions.values_list("ended_reason", flat=True)) == {EndReason.COMPLAINT}


def test_a_complaint_without_addresses_is_known_by_the_link_to_leave(reader: Subscriber) -> None:
    token = links.token(reader, Purpose.LEAVE)
    data = mail("arf-redacted", "").replace(b"TOKEN", token.encode())
    assert bounces.receive(data, at=LATER) is Receipt.RECORDED
    assert suppressed() == SuppressionReason.COMPLAINED


def test_who_writes_to_the_address_for_leaving_leaves(reader: Subscriber) -> None:
    key = ReturnPath().signed_key(links.return_key(reader, LEAVING))
    assert bounces.receive(mail("written-to-leave", key), at=LATER) is Receipt.RECORDED
    reader.refresh_from_db()
    assert reader.unsubscribed_at == LATER
    assert reader.subscriptions.get().ended_reason == EndReason.BY_MAIL
    assert suppressed() is None


@pytest.mark.parametrize("name", ["written-to-leave", "challenge", "absent"])
def test_who_answers_to_a_bounce_address_changes_nothing(name: str, delivery: Delivery) -> None:
    assert bounces.receive(mail(name, key_of(delivery)), at=LATER) is Receipt.STRANGE
    assert Subscriber.objects.confirmed().exists()
    assert not Feedback.objects.exists()


def test_a_notice_of_absence_to_the_address_for_leaving_leaves_nobody(reader: Subscriber) -> None:
    key = ReturnPath().signed_key(links.return_key(reader, LEAVING))
    assert bounces.receive(mail("absent", key), at=LATER) is Receipt.STRANGE
    assert Subscriber.objects.confirmed().exists()


def test_a_confirmation_that_bounces_suppresses_the_address(reader: Subscriber) -> None:
    key = ReturnPath().signed_key(links.return_key(reader, NOTICE))
    assert bounces.receive(mail("postfix-gone", key), at=LATER) is Receipt.RECORDED
    assert suppressed() == SuppressionReason.HARD_BOUNCE
    assert Feedback.objects.get().delivery is None


@pytest.mark.parametrize("mac", ["a" * 20, "0" * 20, "a" * 16, ""])
def test_a_forged_bounce_changes_nothing(mac: str, delivery: Delivery) -> None:
    signed = key_of(delivery)
    forged = signed[:-20] + mac
    assert bounces.receive(mail("postfix-gone", forged), at=LATER) is Receipt.STRANGE
    assert suppressed() is None
    assert not Feedback.objects.exists()
    assert bounces.receive(mail("postfix-gone", signed), at=LATER) is Receipt.RECORDED


def test_a_mac_is_good_for_one_key_only(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    a_reader(bulletin, "bob@reader.example", topics=topics)
    mine, yours = sent_digest(bulletin, topics).deliveries.order_by("pk")
    _, _, mac = key_of(mine).partition("-")
    forged = f"d{yours.pk}-{mac}"
    assert len(forged) == len(key_of(yours))
    assert bounces.receive(mail("postfix-gone", forged), at=LATER) is Receipt.STRANGE
    assert not Feedback.objects.exists()


def test_a_delivery_of_a_forgotten_reader_keeps_its_history(
    delivery: Delivery, reader: Subscriber
) -> None:
    Delivery.objects.update(subscriber=None)
    assert bounces.receive(mail("postfix-gone", key_of(delivery)), at=LATER) is Receipt.RECORDED
    assert suppressed() is None


@pytest.fixture
def signed_up_again(reader: Subscriber, delivery: Delivery) -> Subscriber:
    """The reader as they were when the digest was sent; meanwhile they have left, and signed up
    and confirmed again."""
    earlier = Subscriber.objects.get(pk=reader.pk)
    unsubscribing.unsubscribe(reader.pk, at=LATER, reason=EndReason.LEFT)
    address = addresses.parse(reader.address)
    topics = reader.bulletin.topics.all()
    at = LATER + HOUR
    signing_up.sign_up(reader.bulletin, address=address, topics=topics, language="en", at=at)
    assert signing_up.confirm(reader.pk, at=at)
    return earlier


def test_a_mail_to_the_address_for_leaving_an_earlier_subscription_ends_no_later_one(
    signed_up_again: Subscriber,
) -> None:
    key = ReturnPath().signed_key(links.return_key(signed_up_again, LEAVING))
    assert bounces.receive(mail("written-to-leave", key), at=LATER + HOUR) is Receipt.STRANGE
    token = links.token(signed_up_again, Purpose.LEAVE)
    data = mail("arf-redacted", "").replace(b"TOKEN", token.encode())
    assert bounces.receive(data, at=LATER + HOUR) is Receipt.STRANGE
    assert Subscriber.objects.confirmed().exists()


@pytest.mark.parametrize("name", ["arf-abuse", "postfix-gone"])
def test_what_comes_back_of_a_mail_to_an_earlier_subscription_settles_it_and_ends_no_later_one(
    name: str, signed_up_again: Subscriber, delivery: Delivery
) -> None:
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN)
    data = mail(name, key_of(delivery))
    assert bounces.receive(data, at=LATER + HOUR) is Receipt.RECORDED
    assert Delivery.objects.get().status == DeliveryStatus.SENT
    assert Subscriber.objects.confirmed().exists()
    assert suppressed() is None


@pytest.mark.parametrize("letter", ["n", "l"])
def test_a_return_path_of_a_row_that_a_restored_backup_lost_names_no_other_reader(
    letter: str, reader: Subscriber
) -> None:
    key = ReturnPath().signed_key(links.return_key(reader, letter))
    Subscriber.objects.filter(pk=reader.pk).delete()
    a_reader(reader.bulletin, "bob@reader.example", pk=reader.pk)
    for name in ("written-to-leave", "postfix-gone"):
        assert bounces.receive(mail(name, key), at=LATER) is Receipt.STRANGE
    assert Subscriber.objects.confirmed().exists()
    assert suppressed() is None


def test_a_return_path_of_a_delivery_that_a_restored_backup_lost_names_no_other(
    delivery: Delivery,
) -> None:
    key = key_of(delivery)
    # The backup was made while the digest was being prepared; then its deliveries are made anew.
    Digest.objects.update(prepared_at=None, prepared_to=0, candidates=0)
    Delivery.objects.all().delete()
    Edition.objects.all().delete()
    assert audience.prepare(Digest.objects.get(), at=LATER)
    Delivery.objects.update(id=delivery.pk)
    assert bounces.receive(mail("postfix-gone", key), at=LATER) is Receipt.STRANGE
    anew = key_of(Delivery.objects.get())
    assert bounces.receive(mail("postfix-gone", anew), at=LATER) is Receipt.RECORDED


@pytest.mark.parametrize("name", ["postfix-gone", "postfix-full", "arf-abuse", "postfix-success"])
def test_what_comes_back_settles_an_uncertain_delivery(name: str, delivery: Delivery) -> None:
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN)
    bounces.receive(mail(name, key_of(delivery)), at=LATER)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT
    counts = sending.count(delivery.digest)
    assert (counts.uncertain, counts.sent, counts.balanced) == (0, 1, True)


def test_a_bounce_that_comes_before_its_delivery_is_found_uncertain_settles_it_too(
    delivery: Delivery,
) -> None:
    Delivery.objects.update(status=DeliveryStatus.QUEUED)
    bounces.receive(mail("postfix-gone", key_of(delivery)), at=LATER)
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN)
    sending.recount(delivery.digest)
    assert bounces.settle_uncertain(delivery.digest, at=LATER) == 1


def bounce_softly(bulletin: Bulletin, topics: list[Topic], *, days: int) -> None:
    """A digest so many days after the first bounces five days after it was sent."""
    digest = sent_digest(bulletin, topics, days=days)
    key = key_of(digest.deliveries.get())
    data = mail("postfix-full", key) + key.encode()
    bounces.receive(data, at=LATER + timedelta(days=days + 5))


def test_soft_bounces_suppress_after_five_over_ten_days(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    for day in (0, 3, 6, 9):
        bounce_softly(bulletin, topics, days=day)
        assert suppressed() is None
    bounce_softly(bulletin, topics, days=12)
    assert suppressed() == SuppressionReason.BOUNCING


def test_many_soft_bounces_in_few_days_do_not_suppress(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    for day in range(8):
        bounce_softly(bulletin, topics, days=day)
    assert suppressed() is None


def test_many_notices_of_one_delivery_count_once(
    bulletin: Bulletin, topics: list[Topic], delivery: Delivery
) -> None:
    for day in range(0, 30, 3):
        data = mail("postfix-full", key_of(delivery)).replace(
            b"Message-Id: <", b"Message-Id: <%d" % day
        )
        assert bounces.receive(data, at=LATER + timedelta(days=day)) is Receipt.RECORDED
    assert suppressed() is None


def test_a_mail_that_got_through_forgives_the_bounces_before_it(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    for day in (0, 3, 6, 9):
        bounce_softly(bulletin, topics, days=day)
    sent_digest(bulletin, topics, days=14)
    bounce_softly(bulletin, topics, days=30)
    assert suppressed() is None


def test_a_provider_that_says_delivered_forgives_too(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    for day in (0, 3, 6, 9):
        bounce_softly(bulletin, topics, days=day)
    delivered = sent_digest(bulletin, topics, days=13)
    key = key_of(delivered.deliveries.get())
    bounces.receive(mail("postfix-success", key), at=LATER + timedelta(days=14, hours=1))
    bounce_softly(bulletin, topics, days=14)
    assert suppressed() is None


def test_an_editor_who_lifts_a_suppression_forgives_the_bounces_before_it(
    bulletin: Bulletin, topics: list[Topic], reader: Subscriber
) -> None:
    for day in (0, 3, 6, 9, 12):
        bounce_softly(bulletin, topics, days=day)
    held = Suppression.objects.current().get()
    assert suppressions.lift(held.pk, because="Space again", at=LATER + timedelta(days=18))
    bounce_softly(bulletin, topics, days=14)
    assert suppressed() is None
