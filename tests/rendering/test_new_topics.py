"""A topic that a bulletin offers anew is told of once, to those who do not follow it."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from digests import audience, publishing, rendering
from digests.models import Delivery, Digest
from digests.models.digest import MAX_NEW_TOPICS, Occasion
from digests.preview import preview_publishing
from digests.reader_preview import of_reader
from publications.models import Bulletin, Topic
from subscribers.links import Purpose, token
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of
from tests.support.messages import html_of, read, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def topics() -> list[Topic]:
    topics = topics_of(a_bulletin(), ["Water", "Energy"])
    Topic.objects.update(offered_at=None)
    return topics


@pytest.fixture
def reader(topics: list[Topic]) -> Subscriber:
    return a_reader(topics[0].bulletin, "r@reader.example", topics=topics[:1])


def mailed(topics: list[Topic], *, days: int) -> Digest:
    draft = a_draft(topics[0].bulletin, {topic.name_en: topic for topic in topics})
    digest = publishing.publish(draft, at=NOON + days * DAY)
    assert audience.prepare(digest, at=NOON + days * DAY)
    return Digest.objects.get(pk=digest.pk)


def mail_to(reader: Subscriber, digest: Digest) -> str:
    rows = Delivery.objects.select_related("digest", "edition", "subscriber")
    delivery = rows.get(subscriber=reader, digest=digest)
    mail = read(delivery, at=digest.opened_at)
    return html_of(mail) + text_of(mail)


def parsed(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=policy.default)


def a_new_topic(topics: list[Topic], *, days: float) -> Topic:
    return Topic.objects.create(
        bulletin=topics[0].bulletin,
        name_en="Air",
        description_en="What we breathe.",
        offered_at=NOON + days * DAY,
    )


def test_the_next_mail_tells_of_it_and_no_later_one(
    topics: list[Topic], reader: Subscriber
) -> None:
    mailed(topics, days=1)
    air = a_new_topic(topics, days=1.5)
    second, third = mailed(topics, days=2), mailed(topics, days=3)
    assert (second.new_topics, third.new_topics) == ([air.pk], [])
    assert "What we breathe." in mail_to(reader, second)
    assert f"/{air.pk}/" in mail_to(reader, second)
    assert "What we breathe." not in mail_to(reader, third)


def test_who_follows_it_already_reads_nothing_of_it(
    topics: list[Topic], reader: Subscriber
) -> None:
    mailed(topics, days=1)
    air = a_new_topic(topics, days=1.5)
    follower = a_reader(topics[0].bulletin, "f@reader.example", topics=[topics[0], air])
    digest = mailed([*topics, air], days=2)
    assert "What we breathe." not in mail_to(follower, digest)
    assert "What we breathe." in mail_to(reader, digest)


def test_the_first_issue_of_a_bulletin_tells_of_none(
    topics: list[Topic], reader: Subscriber
) -> None:
    a_new_topic(topics, days=0)
    assert mailed(topics, days=1).new_topics == []
    assert reader.is_reading


def test_a_topic_that_was_retired_meanwhile_is_passed_over(
    topics: list[Topic], reader: Subscriber
) -> None:
    mailed(topics, days=1)
    air = a_new_topic(topics, days=1.5)
    Topic.objects.filter(pk=air.pk).update(retired_at=NOON + 2 * DAY)
    assert mailed(topics, days=2).new_topics == []
    assert reader.is_reading


def opened(bulletin: Bulletin, occasion: Occasion, *, days: float) -> Digest | None:
    at = NOON + days * DAY
    digest = audience.open_collected(bulletin, occasion, at=at)
    if digest is not None:
        assert audience.prepare(digest, at=at)
        digest.refresh_from_db()
    return digest


def test_a_change_of_cadence_neither_tells_twice_nor_misses(
    topics: list[Topic], reader: Subscriber
) -> None:
    bulletin = topics[0].bulletin
    weekly = a_reader(bulletin, "w@reader.example", topics=topics[:1], cadence="weekly")
    mailed(topics, days=1)
    a_new_topic(topics, days=1.5)
    issue = mailed(topics, days=2)
    Subscriber.objects.filter(pk=reader.pk).update(cadence="weekly")
    mailed(topics, days=3)
    collected = opened(bulletin, Occasion.WEEKLY, days=4)
    assert collected is not None
    assert "What we breathe." in mail_to(reader, issue)
    assert "What we breathe." not in mail_to(reader, collected)
    assert "What we breathe." in mail_to(weekly, collected)


def test_who_follows_nothing_in_the_issue_gets_it_with_their_next_mail(
    topics: list[Topic], reader: Subscriber
) -> None:
    water, energy = topics
    other = a_reader(water.bulletin, "o@reader.example", topics=[energy])
    mailed(topics, days=1)
    a_new_topic(topics, days=1.5)
    mailed([water], days=2)
    third, fourth = mailed([energy], days=3), mailed(topics, days=4)
    assert "What we breathe." in mail_to(other, third)
    assert "What we breathe." not in mail_to(other, fourth)
    assert "What we breathe." not in mail_to(reader, fourth)


def test_what_one_issue_cannot_announce_the_next_one_does(
    topics: list[Topic], reader: Subscriber
) -> None:
    mailed(topics, days=1)
    more = MAX_NEW_TOPICS + 2
    for n in range(more):
        Topic.objects.create(
            bulletin=topics[0].bulletin, name_en=f"Topic {n}", offered_at=NOON + 1.5 * DAY
        )
    second, third = mailed(topics, days=2), mailed(topics, days=3)
    assert (len(second.new_topics), len(third.new_topics)) == (MAX_NEW_TOPICS, 2)
    assert not {*second.new_topics} & {*third.new_topics}
    assert reader.is_reading


def test_the_first_mail_of_a_new_reader_tells_of_none(topics: list[Topic]) -> None:
    mailed(topics, days=1)
    a_new_topic(topics, days=1.5)
    mailed(topics, days=2)
    new = a_reader(
        topics[0].bulletin,
        "n@reader.example",
        topics=topics[:1],
        confirmed_at=NOON + 2.5 * DAY,
        welcome_due_at=NOON + 2.5 * DAY,
    )
    welcome = opened(topics[0].bulletin, Occasion.WELCOME, days=2.6)
    assert welcome is not None
    assert "What we breathe." not in mail_to(new, welcome)


def test_the_proof_and_the_question_before_publishing_show_it(
    topics: list[Topic], reader: Subscriber
) -> None:
    mailed(topics, days=1)
    air = a_new_topic(topics, days=1.5)
    draft = a_draft(topics[0].bulletin, {"Water": topics[0]})
    at = NOON + 2 * DAY
    proofs = rendering.Proofs(rendering.preview_of(draft, at=at))
    mail = proofs.message("en", to="editor@office.example", at=at)
    assert "What we breathe." in html_of(parsed(mail.data))
    assert preview_publishing(draft, at=at).new_topics == (air,)
    assert "What we breathe." in of_reader(draft, reader, at=at).body


def test_one_press_follows_it_and_opening_the_link_does_nothing(
    client: Client, topics: list[Topic], reader: Subscriber
) -> None:
    air = a_new_topic(topics, days=1.5)
    page = reverse("subscribers:follow", args=[token(reader, Purpose.PREFERENCES), air.pk])
    followed = reader.subscriptions.current().filter(topic=air)
    assert "Follow “Air”?" in client.get(page, headers={"accept-language": "en"}).content.decode()
    assert not followed.exists()
    for _ in range(2):
        after = client.post(page, follow=True, headers={"accept-language": "en"})
        assert "You follow “Air”" in after.content.decode()
    assert followed.count() == 1


def test_neither_a_topic_of_another_bulletin_nor_a_forged_link_is_followed(
    client: Client, topics: list[Topic], reader: Subscriber
) -> None:
    other = topics_of(a_bulletin("other"), ["Snow"])[0]
    page = reverse("subscribers:follow", args=[token(reader, Purpose.PREFERENCES), other.pk])
    assert client.post(page).status_code == HTTPStatus.NOT_FOUND
    forged = reverse("subscribers:follow", args=["forged", topics[1].pk])
    assert client.post(forged).status_code == HTTPStatus.FORBIDDEN
    assert reader.subscriptions.count() == 1


def test_a_retired_topic_cannot_be_followed(
    client: Client, topics: list[Topic], reader: Subscriber
) -> None:
    Topic.objects.filter(pk=topics[1].pk).update(retired_at=NOON)
    page = reverse("subscribers:follow", args=[token(reader, Purpose.PREFERENCES), topics[1].pk])
    answer = client.post(page, follow=True, headers={"accept-language": "en"})
    assert "no longer offered" in answer.content.decode()
    assert reader.subscriptions.count() == 1
