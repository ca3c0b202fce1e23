"""The speed at which mails are composed: `python -m benchmarks.compose [--articles 40] [--topics
8]`.

Joining an edition from blocks, and filling in what is one reader's own, beside rendering the
same edition by MJML each time; in one process, by the processor's clock. The articles are made
up, half of them Chinese; the topic masks are drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from mjml import mjml2html

from benchmarks import empty
from digests import rendering
from digests.models import Delivery, Digest, Edition
from digests.rendering import block_rendering, composing, merge_fields
from digests.rendering.context import RenderContext
from digests.rendering.edition_fields import LinkTarget, edition_fields
from digests.rendering.editions import Blocks, Joined
from digests.rendering.mailed_sections import MailedSection, mailed_sections
from issues.models import Article, Issue, Section
from mail.messages import template_rendering as mail
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber

AT = datetime(2026, 9, 15, 12, tzinfo=UTC)
ZH = "湖区管理委员会日前印发《科学数据共享办法》，自十月起施行，规定数据的汇交和引用。"
EN = "The council will stop asking for long reports, and asks for two pages of plain text instead. "
LANGUAGE = "zh-hans"
LINKS_OF_A_READER = {
    link.name: LinkTarget(f"https://example.org/{link.name}/", "reader")
    for link in merge_fields.LINKS
}

One = TypeVar("One")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--topics", type=int, default=8)
    parser.add_argument("--editions", type=int, default=2000)
    given = parser.parse_args()
    empty.migrate()
    bench = Bench.of(_digest(topics=given.topics, articles=given.articles))
    every = (1 << given.topics) - 1
    draw = random.Random(2026)
    topic_masks = [draw.randint(1, every) for _ in range(given.editions)]
    few = topic_masks[: max(given.editions // 20, 2)]
    source = bench.source(every)

    whole = _seconds(bench.render_whole, few)
    engine = _seconds(lambda _: mjml2html(source, fonts={}), few)
    before = _peak()
    joined = _seconds(lambda mask: bench.join(topic_mask=mask), topic_masks)
    renderer = rendering.MessageRenderer(bench.digest)
    deliveries = [bench.delivery(pk, topic_mask=every) for pk in range(1, 101)]
    filled = _seconds(lambda n: renderer.message(deliveries[n % 100], at=AT), range(given.editions))
    size = len(renderer.message(deliveries[0], at=AT).data)

    print(f"{'':46}{'ms each':>9}{'a second':>11}{'ratio':>7}")
    for name, seconds in (
        ("an edition rendered whole, as HTML and as text", whole),
        ("  of which MJML alone, all sections", engine),
        ("an edition joined from its blocks", joined),
        (f"a message of {size:,} bytes, one more reader", filled),
    ):
        print(f"{name:46}{seconds * 1000:>9.3f}{1 / seconds:>11,.0f}{whole / seconds:>7.0f}")
    weight = bench.join(topic_mask=every).weight
    print(f"HTML of the edition with all sections: {weight:,} bytes at most")
    print(f"peak memory: {before} MB before, {_peak()} MB after {given.editions:,} editions")


@dataclass(frozen=True, slots=True)
class Bench:
    """A digest with its blocks, and its sections as they were read from the database."""

    digest: Digest
    sections: Sequence[MailedSection]
    blocks: Blocks

    @classmethod
    def of(cls, digest: Digest) -> Bench:
        blocks = Blocks.of(digest.blocks[LANGUAGE], language=LANGUAGE)
        return cls(digest, mailed_sections(digest), blocks)

    def join(self, *, topic_mask: int) -> Joined:
        """The edition joined from its blocks."""
        return self.blocks.joined(LINKS_OF_A_READER, topic_mask=topic_mask)

    def render_whole(self, topic_mask: int) -> None:
        """Render an edition as a program without blocks does."""
        whole, groups = self._context(topic_mask)
        block_rendering.html(whole, groups)
        mail.wrapped_for_mail(block_rendering.text(whole, groups))

    def source(self, topic_mask: int) -> str:
        """The MJML of an edition."""
        whole, groups = self._context(topic_mask)
        return mail.plain("email/digest.mjml", whole.context(groups))

    def delivery(self, pk: int, *, topic_mask: int) -> Delivery:
        """A delivery to a reader, neither of them stored."""
        edition = Edition(digest=self.digest, language=LANGUAGE, topic_mask=topic_mask)
        bulletin = self.digest.bulletin
        reader = Subscriber(pk=pk, bulletin=bulletin, address=f"r{pk}@example.org")
        reader.confirmed_at = AT
        return Delivery(pk=pk, digest=self.digest, edition=edition, subscriber=reader)

    def _context(self, topic_mask: int) -> tuple[RenderContext, list[composing.Group]]:
        chosen = composing.groups(self.blocks.sections, topic_mask=topic_mask)
        groups = self.blocks.fitted(chosen)
        of_edition = edition_fields(groups, titles=self.blocks.titles, language=LANGUAGE)
        whole = RenderContext(
            digest=self.digest,
            sections=self.sections,
            language=LANGUAGE,
            cut=lambda _name: "",
            fields=dict.fromkeys(merge_fields.NAMES, "") | of_edition,
        )
        return whole, groups


def _digest(*, topics: int, articles: int) -> Digest:
    """A digest that is not stored, of an issue that is."""
    bulletin = Bulletin.objects.create(name="云泽科技信息", slug="b", sender_email="b@example.org")
    issue = Issue.objects.create(
        bulletin=bulletin, number="2026年第9期", date="2026-09-15", uploaded_at=AT
    )
    for n in range(topics):
        topic = Topic.objects.create(bulletin=bulletin, name_zh=f"主题{n}", name_en=f"Topic {n}")
        section = Section.objects.create(issue=issue, position=n, title=f"主题{n}", topic=topic)
        Article.objects.bulk_create(
            Article(section=section, position=m, **_words(m)) for m in range(n, articles, topics)
        )
    digest = rendering.preview_of(issue, at=AT)
    digest.pk = 1
    return digest


def _words(number: int) -> dict[str, Any]:
    words = ZH if number % 2 else EN
    paragraphs = tuple(Paragraph(words * 6, page=1) for _ in range(3))
    return {"title": f"{words[:28]} {number}", "source": "Office", "passages": paragraphs}


def _seconds(do: Callable[[One], object], what: Sequence[One]) -> float:
    """The processor's seconds for one of them, after one that does not count."""
    do(what[0])
    start = time.process_time()
    for one in what[1:]:
        do(one)
    return (time.process_time() - start) / (len(what) - 1)


def _peak() -> int:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
