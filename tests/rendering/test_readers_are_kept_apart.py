"""One renderer makes the mails of many readers, and each gets their own."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import permutations

from digests.models import Delivery
from digests.rendering import MessageRenderer
from issues.models import Article
from tests.support.factories import NOON
from tests.support.messages import Press, html_of, read


def rendered(renderer: MessageRenderer, delivery: Delivery) -> EmailMessage:
    data = renderer.message(delivery, at=NOON).data
    return message_from_bytes(data, _class=EmailMessage, policy=policy.strict)


def alerted(press: Press) -> list[int]:
    """The articles of a section that those with the topics 0b001 do not follow."""
    articles = Article.objects.filter(section__title="Energy").order_by("position")
    return list(articles.values_list("pk", flat=True))


def test_readers_of_the_same_topics_get_the_articles_of_their_own_keywords_only(
    press: Press,
) -> None:
    first, second, _third = alerted(press)
    mine = press.delivery(topic_mask=0b001, watched=[first])
    yours = press.delivery(topic_mask=0b001, watched=[second])
    nobodys = press.delivery(topic_mask=0b001)
    titles = {pk: Article.objects.get(pk=pk).title for pk in (first, second)}
    renderer = MessageRenderer(press.digest)
    mails = [html_of(rendered(renderer, delivery)) for delivery in (mine, yours, nobodys)]
    assert [titles[first] in mail for mail in mails] == [True, False, False]
    assert [titles[second] in mail for mail in mails] == [False, True, False]


def test_readers_of_one_edition_get_the_format_that_each_chose(press: Press) -> None:
    renderer = MessageRenderer(press.digest)
    formats = ["text", "html", "text"]
    mails = [rendered(renderer, press.delivery(topic_mask=0b001, format=each)) for each in formats]
    assert [mail.get_content_type() for mail in mails] == [
        "text/plain",
        "multipart/alternative",
        "text/plain",
    ]


def test_a_mail_is_the_same_whoever_was_written_to_before(press: Press) -> None:
    first, *_ = alerted(press)
    who = [
        press.delivery(topic_mask=0b001),
        press.delivery(topic_mask=0b011),
        press.delivery(topic_mask=0b001, language="zh-hans"),
        press.delivery(topic_mask=0b001, watched=[first]),
        press.delivery(topic_mask=0b001, format="text"),
        press.delivery(topic_mask=0b001, pk=8, name="Bob", time_zone="Asia/Shanghai"),
    ]
    alone = [read(delivery).as_bytes() for delivery in who]
    assert len(set(alone)) == len(who)
    for one, other in permutations(range(len(who)), 2):
        renderer = MessageRenderer(press.digest)
        rendered(renderer, who[one])
        assert rendered(renderer, who[other]).as_bytes() == alone[other]


def test_a_mail_is_the_same_after_more_editions_than_are_kept(press: Press) -> None:
    articles = alerted(press)
    who = [
        press.delivery(topic_mask=topics, watched=watched, language=language, format=each)
        for topics in (0b001, 0b100, 0b101)
        for watched in ([], articles[:1], articles[1:2], articles[2:])
        for language in ("en", "zh-hans")
        for each in ("html", "text")
    ]
    renderer = MessageRenderer(press.digest)
    before = [rendered(renderer, delivery).as_bytes() for delivery in who]
    assert len(who) > 32
    assert [rendered(renderer, delivery).as_bytes() for delivery in who] == before
    assert len(set(before)) == len(who)
