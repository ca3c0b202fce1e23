"""One renderer makes the mails of many readers, and each gets their own."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import permutations

from digests.models import Delivery
from digests.rendering import MessageRenderer
from issues.models import Article
from tests.support.factories import NOON
from tests.support.messages import RenderedDigest, html_of, read


def rendered(renderer: MessageRenderer, delivery: Delivery) -> EmailMessage:
    data = renderer.message(delivery, at=NOON).data
    return message_from_bytes(data, _class=EmailMessage, policy=policy.strict)


def alerted(rendered_digest: RenderedDigest) -> list[int]:
    """The articles of a section that those with the topics 0b001 do not follow."""
    articles = Article.objects.filter(section__title="Energy").order_by("position")
    return list(articles.values_list("pk", flat=True))


def test_readers_of_the_same_topics_get_the_articles_of_their_own_keywords_only(
    rendered_digest: RenderedDigest,
) -> None:
    first, second, _third = alerted(rendered_digest)
    mine = rendered_digest.delivery(topic_mask=0b001, alert_articles=[first])
    yours = rendered_digest.delivery(topic_mask=0b001, alert_articles=[second])
    nobodys = rendered_digest.delivery(topic_mask=0b001)
    titles = {pk: Article.objects.get(pk=pk).title for pk in (first, second)}
    renderer = MessageRenderer(rendered_digest.digest)
    mails = [html_of(rendered(renderer, delivery)) for delivery in (mine, yours, nobodys)]
    assert [titles[first] in mail for mail in mails] == [True, False, False]
    assert [titles[second] in mail for mail in mails] == [False, True, False]


def test_an_article_that_a_keyword_met_stands_in_the_mail_of_who_follows_its_topic_once(
    rendered_digest: RenderedDigest,
) -> None:
    first, *_ = alerted(rendered_digest)
    everything = rendered_digest.everything
    followed = rendered_digest.delivery(topic_mask=everything)
    met = rendered_digest.delivery(topic_mask=everything, alert_articles=[first])
    mails = [html_of(read(delivery)) for delivery in (followed, met)]
    without, with_alert = [mail.count(f"/{first}/") for mail in mails]
    assert without == with_alert > 0
    assert mails[0] != mails[1]


def test_readers_of_one_edition_get_the_format_that_each_chose(
    rendered_digest: RenderedDigest,
) -> None:
    renderer = MessageRenderer(rendered_digest.digest)
    formats = ["text", "html", "text"]
    mails = [
        rendered(renderer, rendered_digest.delivery(topic_mask=0b001, format=each))
        for each in formats
    ]
    assert [mail.get_content_type() for mail in mails] == [
        "text/plain",
        "multipart/alternative",
        "text/plain",
    ]


def test_a_mail_is_the_same_whoever_was_written_to_before(rendered_digest: RenderedDigest) -> None:
    first, *_ = alerted(rendered_digest)
    who = [
        rendered_digest.delivery(topic_mask=0b001),
        rendered_digest.delivery(topic_mask=0b011),
        rendered_digest.delivery(topic_mask=0b001, language="zh-hans"),
        rendered_digest.delivery(topic_mask=0b001, alert_articles=[first]),
        rendered_digest.delivery(topic_mask=0b001, format="text"),
        rendered_digest.delivery(topic_mask=0b001, pk=8, name="Bob", time_zone="Asia/Shanghai"),
    ]
    alone = [read(delivery).as_bytes() for delivery in who]
    assert len(set(alone)) == len(who)
    for one, other in permutations(range(len(who)), 2):
        renderer = MessageRenderer(rendered_digest.digest)
        rendered(renderer, who[one])
        assert rendered(renderer, who[other]).as_bytes() == alone[other]


def test_a_mail_is_the_same_after_more_editions_than_are_kept(
    rendered_digest: RenderedDigest,
) -> None:
    articles = alerted(rendered_digest)
    who = [
        rendered_digest.delivery(
            topic_mask=topics, alert_articles=alert_articles, language=language, format=each
        )
        for topics in (0b001, 0b100, 0b101)
        for alert_articles in ([], articles[:1], articles[1:2], articles[2:])
        for language in ("en", "zh-hans")
        for each in ("html", "text")
    ]
    renderer = MessageRenderer(rendered_digest.digest)
    before = [rendered(renderer, delivery).as_bytes() for delivery in who]
    assert len(who) > 32
    assert [rendered(renderer, delivery).as_bytes() for delivery in who] == before
    assert len(set(before)) == len(who)
