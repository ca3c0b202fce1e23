"""The evidence for and against a reading, in numbers, for `confidence` to weigh.

How long the paragraphs of an issue are, and how they end, is none: it tells statistics from news.
Nothing here decides: each number has a name under which `python -m benchmarks.calibrate` found its
weight on issues whose truth is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdf_reading.content.article_evidence import is_odd, mean, of_article
from pdf_reading.content.articles import SectionDraft
from pdf_reading.content.warnings import text_length
from pdf_reading.issue_text import ParseWarning, SectionText
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import ends_a_sentence
from pdf_reading.structure.headings import Headline, like

Features = Mapping[str, float]
MAX_PER_HEADLINE = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The numbers of an issue, and of each of its articles in order."""

    issue: Features
    articles: tuple[Features, ...]


def evidence_of(
    drafts: Sequence[SectionDraft],
    sections: Sequence[SectionText],
    lines: Sequence[Line],
    warnings: Sequence[ParseWarning],
    *,
    body: Face,
    page_count: int,
) -> Evidence:
    """The evidence of a reading; `drafts` are those of the `sections`."""
    pairs = [
        (draft, article)
        for of_section, section in zip(drafts, sections, strict=True)
        for draft, article in zip(of_section.articles, section.articles, strict=True)
    ]
    heads = [draft.head.headline for draft, article in pairs if article.title]
    names = [section.title for section in sections if section.title]
    whole = sum(text_length(article) for _, article in pairs)
    articles = tuple(
        of_article(draft, article, heads, lines, body=body, whole=whole) for draft, article in pairs
    )
    issue = {
        "per_page": math.log1p(len(heads) / max(page_count, 1)),
        "text_per_headline": math.log1p(whole / (len(heads) + 1)),
        "looks": _per(_count_of_looks(heads), len(heads)),
        "columns": _columns(lines),
        **_of_warnings(warnings, len(heads), page_count=page_count),
        "untitled": sum(one["share"] for one in articles if one["untitled"]),
        "largest": max((one["share"] for one in articles), default=0.0),
        "sections": _per(len(names), len(heads)),
        "lone_section": float(len(names) == 1),
        "odd_sections": mean(is_odd(name) or ends_a_sentence(name) for name in names),
    }
    return Evidence(issue, articles)


def _count_of_looks(heads: Sequence[Headline]) -> int:
    looks: list[Headline] = []
    for head in heads:
        if not any(like(head.face, other.face) for other in looks):
            looks.append(head)
    return len(looks)


def _columns(lines: Sequence[Line]) -> float:
    """The logarithm of the columns of a page."""
    columns = {(line.page, line.column) for line in lines}
    pages = len({page for page, _ in columns})
    return math.log(max(len(columns) / max(pages, 1), 1))


def _of_warnings(
    warnings: Sequence[ParseWarning], count: int, *, page_count: int
) -> dict[str, float]:
    def times(code: str) -> int:
        return sum(warning.code == code for warning in warnings)

    return {
        "pages_without": times("page_without_article") / max(page_count, 1),
        "torn": times("order_uncertain") / max(page_count, 1),
        "not_found": _per(times("entry_without_headline"), count),
    }


def _per(count: float, base: int) -> float:
    return min(count / max(base, 1), MAX_PER_HEADLINE)
