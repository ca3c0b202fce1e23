"""The evidence for and against a reading, in numbers, for `confidence` to weigh.

How long the paragraphs of an issue are, and how they end, is none: it tells statistics from news.
Nothing here decides: each number has a name under which `python -m benchmarks.calibrate` found its
weight on issues whose truth is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pdf_reading.content.articles import ArticleDraft, SectionDraft
from pdf_reading.content.warnings import text_length
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.issue_text import ArticleText, Paragraph, ParseWarning, SectionText, Table
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import ends_a_sentence
from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.level_reasons import LevelReason

Features = Mapping[str, float]
LARGER = 1.08  # times the size of the text
SAME_SIZE = 0.6  # points
LONG = 60  # letters, an ideograph is two
MAX_PER_HEADLINE = 3.0
REASONS = {
    "listed": LevelReason.IN_CONTENTS,
    "unlisted": LevelReason.NOT_IN_CONTENTS,
    "outlined": LevelReason.IN_OUTLINE,
    "not_outlined": LevelReason.NOT_IN_OUTLINE,
    "tagged": LevelReason.TAGGED,
    "plain": LevelReason.SET_AS_THE_TEXT,
    "boxed": LevelReason.IN_A_BOX,
    "headless": LevelReason.NO_HEADLINE_BELOW,
}


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
    whole = sum(text_length(article) for _, article in pairs)
    articles = tuple(
        _of_article(draft, article, heads, lines, body=body, whole=whole)
        for draft, article in pairs
    )
    titled = [one for one, (_, article) in zip(articles, pairs, strict=True) if article.title]
    issue = {
        **_of_headlines(heads, titled, page_count=page_count, whole=whole),
        **_of_lines(lines),
        **_of_warnings(warnings, len(heads), page_count=page_count),
        "untitled": sum(one["share"] for one in articles) - sum(one["share"] for one in titled),
        "largest": max((one["share"] for one in articles), default=0.0),
        "sections": _per(sum(bool(section.title) for section in sections), len(heads)),
        **{f"mean_{key}": _mean(one[key] for one in articles) for key in _TEXT},
    }
    return Evidence(issue, articles)


def _of_headlines(
    heads: Sequence[Headline], titled: Sequence[Features], *, page_count: int, whole: int
) -> dict[str, float]:
    count = len(heads)
    looks: list[Headline] = []
    for head in heads:
        if not any(like(head.face, other.face) for other in looks):
            looks.append(head)
    return {
        "none": float(not heads),
        "few": 1 / (1 + count),
        "per_page": math.log1p(count / max(page_count, 1)),
        "text_per_headline": math.log1p(whole / (count + 1)),
        "pages": math.log1p(page_count),
        "looks": _per(len(looks), count),
        **{f"mean_{key}": _mean(one[key] for one in titled) for key in _HEADLINE},
    }


_HEADLINE = (*REASONS, "alone", "small", "long", "ended", "inner", "inner_large")
_TEXT = ("textless", "display", "bare", "tabled")


def _of_lines(lines: Sequence[Line]) -> dict[str, float]:
    columns = {(line.page, line.column) for line in lines}
    pages = max(len({page for page, _ in columns}), 1)
    insets = sum(line.inset is not None for line in lines)
    return {"columns": math.log(max(len(columns) / pages, 1)), "insets": _per(insets, pages)}


def _of_warnings(
    warnings: Sequence[ParseWarning], count: int, *, page_count: int
) -> dict[str, float]:
    def times(code: str) -> int:
        return sum(warning.code == code for warning in warnings)

    return {
        "pages_without": times("page_without_article") / max(page_count, 1),
        "not_found": _per(times("entry_without_headline"), count),
        "astray": _per(times("outline_elsewhere"), count),
    }


def _of_article(
    draft: ArticleDraft,
    article: ArticleText,
    heads: Sequence[Headline],
    lines: Sequence[Line],
    *,
    body: Face,
    whole: int,
) -> dict[str, float]:
    head = draft.head.headline
    alike = sum(like(head.face, other.face) for other in heads)
    smallest = min((other.face.size for other in heads), default=math.inf)
    large = sum(one.headline.face.size > smallest - SAME_SIZE for one in draft.inner)
    texts = [part.text for part in article.passages if isinstance(part, Paragraph)]
    return {
        **{key: float(reason in draft.head.reasons) for key, reason in REASONS.items()},
        "untitled": float(not article.title),
        "closed": float(bool(article.source)),
        "alone": float(alike == 1),
        "alike": math.log(max(alike, 1)),
        "alike_share": alike / max(len(heads), 1),
        "small": float(head.face.size < LARGER * body.size),
        "size": min(head.face.size / max(body.size, 1), MAX_PER_HEADLINE),
        "bold": float(head.face.bold),
        "centred": float(head.centred),
        "long": float(_weight(article.title) > LONG),
        "ended": float(ends_a_sentence(article.title)),
        "inner": _capped(len(draft.inner)),
        "inner_large": _capped(large),
        "share": text_length(article) / max(whole, 1),
        "textless": float(not article.passages),
        "unended": _mean(not ends_a_sentence(text) for text in texts),
        "bare": _bare(article),
        "tabled": _tabled(article),
        "display": _display(lines[draft.start : draft.stop], draft, body=body),
    }


def _bare(article: ArticleText) -> float:
    """How many paragraphs stand above another as a headline does: short, without a stop."""
    found = 0
    for one, following in pairwise(article.passages):
        if isinstance(one, Paragraph) and isinstance(following, Paragraph):
            short = _weight(one.text) <= LONG and _weight(following.text) > LONG
            found += short and not ends_a_sentence(one.text)
    return _capped(found)


def _tabled(article: ArticleText) -> float:
    """The share of long cells, which may be text that a table swallowed, in an article's text."""
    cells = [
        cell
        for part in article.passages
        if isinstance(part, Table)
        for row in part.rows
        for cell in row
    ]
    return sum(len(cell) for cell in cells if _weight(cell) > LONG) / max(text_length(article), 1)


def _display(own: Sequence[Line], draft: ArticleDraft, *, body: Face) -> float:
    """The share of lines that are larger than the text, or bold in one that is not, and head
    nothing."""
    headed = {at for one in draft.inner for at in range(one.headline.start, one.headline.stop)}
    is_display: Callable[[Face], bool] = lambda face: (  # noqa: E731
        face.size >= LARGER * body.size or (face.bold and not body.bold)
    )
    return _mean(
        is_display(line.face)
        for at, line in enumerate(own, start=draft.start)
        if at not in headed and not line.inset
    )


def _weight(text: str) -> int:
    return 2 * len(text) if has_ideographs(text) else len(text)


def _per(count: float, base: int) -> float:
    return min(count / max(base, 1), MAX_PER_HEADLINE)


def _capped(count: int) -> float:
    return math.log1p(count)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
