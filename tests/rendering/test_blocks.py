"""What is joined from blocks is what MJML gives for the whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.conf import settings as site
from django.utils.html import conditional_escape
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from digests.models import Digest
from digests.models.alert_keywords import Matched
from digests.rendering import block_rendering, composing
from digests.rendering.alert_fields import AlertWords
from digests.rendering.block_names import names
from digests.rendering.blocks import Block
from digests.rendering.context import RenderContext
from digests.rendering.edition_fields import edition_fields
from digests.rendering.editions import Blocks
from digests.rendering.mailed_sections import mailed_sections
from digests.rendering.merge_fields import LINKS
from issues.models import Article
from mail.messages import encoding, template_rendering
from mail.messages.text_wrapping import wrap
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber
from tests.support.factories import EN, ZH, a_long_draft, topics_of
from tests.support.messages import RenderedDigest, rendered_digest_of

LANGUAGES = [code for code, _name in site.LANGUAGES]
READER = {link.name: f"https://x.example/{link.name}/7" for link in LINKS} | {
    "greeting": "",
    "sent": "",
}


@pytest.fixture
def rendered_digest(bulletin: Bulletin) -> RenderedDigest:
    """A digest of six sections in two languages with two to five articles each."""
    topics = topics_of(bulletin, "ABCDEF")
    issue = a_long_draft(bulletin, topics, articles=5, words=f"{ZH} <&> {EN}")
    Article.objects.filter(section__title="B", position__gt=2).delete()
    Article.objects.filter(section__title="C", position=2).update(passages=(), source="")
    issue.top_story = Article.objects.get(section__title="B", position=2).pk
    issue.save()
    return rendered_digest_of(issue)


KEYWORDS = ("湖区", "two pages <&>", "“q”")


def matched_in(digest: Digest, data: st.DataObject, articles: Sequence[int]) -> dict[int, Matched]:
    """What some phrases match in some of the articles, with a sentence or without."""
    texts = dict(digest.texts)
    shown = data.draw(st.lists(st.sampled_from(KEYWORDS), min_size=1, max_size=2, unique=True))
    met = data.draw(st.sets(st.sampled_from(articles))) if articles else set()
    length = data.draw(st.sampled_from([0, 3]))
    return {pk: Matched(tuple(shown), len(texts[pk]) // 2, length) for pk in met}


@settings(max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_joined_blocks_are_byte_for_byte_what_mjml_gives_for_the_whole(
    rendered_digest: RenderedDigest, data: st.DataObject
) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    articles = list(Article.objects.order_by("section__position", "position"))
    ids = [article.pk for article in articles]
    alert_articles = sorted(data.draw(st.sets(st.sampled_from(ids), max_size=5)), key=ids.index)
    topic_mask = data.draw(st.integers(0 if alert_articles else 1, rendered_digest.everything))
    digest = rendered_digest.digest
    blocks = Blocks.of(digest.blocks[language], language=language, texts=digest.texts)
    matched = matched_in(digest, data, alert_articles)
    chosen = composing.groups(
        blocks.sections, topic_mask=topic_mask, alert_articles=alert_articles, tops=blocks.tops
    )
    length = data.draw(st.sampled_from(Subscriber.Length.values))
    marked = composing.marked(chosen, matched)
    groups = blocks.fitted(composing.shortened(marked, length=length, pictured=blocks.pictured))
    titles = {article.pk: article.title for article in articles}
    alerts = AlertWords(matched, blocks.texts, blocks.headings)
    fields = READER | edition_fields(
        groups,
        titles=titles,
        language=language,
        alerts=alerts,
        minutes=blocks.minutes,
        topics=blocks.topics,
    )
    sections = mailed_sections(rendered_digest.digest)

    whole = RenderContext(
        digest=rendered_digest.digest,
        sections=sections,
        language=language,
        cut=lambda _name: "",
        fields=fields,
    )
    html, text = (
        block_rendering.html(whole, groups),
        template_rendering.wrapped_for_mail(block_rendering.text(whole, groups)),
    )

    pieces = block_rendering.rendered(rendered_digest.digest, sections, language=language)
    escaped = {name: conditional_escape(words) for name, words in fields.items()}
    wrapped = {name: "\r\n".join(wrap(words)) for name, words in fields.items()}
    in_html = {link.name: f'href="{fields[link.name]}' for link in LINKS}
    in_text = {link.name: f"\r\n{fields[link.name]}" for link in LINKS}
    assert html == joined(pieces["html"], groups, escaped | in_html)
    assert text == joined(pieces["text"], groups, wrapped | in_text)


def joined(pieces: list[Block], groups: list[composing.Group], fields: dict[str, str]) -> str:
    """The blocks of `groups` as they are before they are encoded."""
    by_name = {block.name: block for block in pieces}
    return "".join(by_name[name].merge(fields) for name in names(groups) if name in by_name)


@given(texts=st.lists(st.text()))
def test_encoded_blocks_join_to_the_texts_with_at_most_two_blanks_after_each(
    texts: list[str],
) -> None:
    joined = encoding.decoded([encoding.block(f"{text}\r\n") for text in texts])
    blanks = [" " * (-len(f"{text}\r\n".encode()) % 3) for text in texts]
    assert all(len(blank) <= 2 for blank in blanks)
    assert joined == "".join(
        f"{text}{blank}\r\n" for text, blank in zip(texts, blanks, strict=True)
    )


@given(text=st.text())
def test_no_line_of_a_block_is_longer_than_76_letters_and_none_ends_early(text: str) -> None:
    for block in (encoding.block(text), encoding.indented(text)):
        lines = block.split(b"\r\n")
        assert lines.pop() == b""
        assert all(len(line) <= 76 and b"=" not in line for line in lines)
        assert encoding.decoded_size(block) == len(encoding.decoded([block]).encode())


def test_an_article_cannot_play_a_mark(bulletin: Bulletin, topics: list[Topic]) -> None:
    issue = a_long_draft(bulletin, topics, articles=2)
    marks = "<!--0123456789abcdef:closing--> 0123456789abcdef.leave. %(name)s {{ fields.leave }}"
    Article.objects.filter(position=2).update(title=marks)
    rendered_digest = rendered_digest_of(issue)
    mail = rendered_digest.mail(name="Ann")
    part = mail.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", " ").replace("\n", " ").count(marks) == 3
