"""The evidence for and against an article: that its headline is one, and that it swallows no
other."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from pdf_reading.content.articles import ArticleDraft
from pdf_reading.content.warnings import text_length
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.issue_text import ArticleText, Paragraph
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import ends_a_sentence, label
from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.level_reasons import LevelReason

LARGER = 1.08  # times the size of the text
SAME_SIZE = 0.6  # points
LONG = 60  # letters, an ideograph is two
BRIEF = 100  # characters of text
REASONS = {
    "listed": LevelReason.IN_CONTENTS,
    "not_outlined": LevelReason.NOT_IN_OUTLINE,
    "tagged": LevelReason.TAGGED,
    "plain": LevelReason.SET_AS_THE_TEXT,
    "boxed": LevelReason.IN_A_BOX,
    "headless": LevelReason.NO_HEADLINE_BELOW,
}
# How dates, addresses, telephones, and the rest of a broken sentence begin or end.
_ODD = re.compile(r"^[a-z\d]|@|\bwww\.|\d{3}\W?\d{4}|[,:;，、：；]$")


def of_article(
    draft: ArticleDraft,
    article: ArticleText,
    heads: Sequence[Headline],
    lines: Sequence[Line],
    *,
    body: Face,
    whole: int,
) -> dict[str, float]:
    """The evidence of an article among the `heads` of an issue with `whole` characters."""
    head = draft.head.headline
    alike = sum(like(head.face, other.face) for other in heads)
    smallest = min((other.face.size for other in heads), default=math.inf)
    large = sum(one.headline.face.size > smallest - SAME_SIZE for one in draft.inner)
    texts = [part.text for part in article.passages if isinstance(part, Paragraph)]
    length = text_length(article)
    return {
        **{key: float(reason in draft.head.reasons) for key, reason in REASONS.items()},
        "untitled": float(not article.title),
        "closed": float(bool(article.source)),
        "alone": float(alike == 1),
        "alike_share": alike / max(len(heads), 1),
        "small": float(head.face.size < LARGER * body.size),
        "long": float(_weight(article.title) > LONG),
        "ended": float(ends_a_sentence(article.title)),
        "odd": float(is_odd(article.title)),
        "again": float(sum(other.text == head.text for other in heads) > 1),
        "inner": _capped(len(draft.inner)),
        "inner_large": _capped(large),
        "share": length / max(whole, 1),
        "textless": float(not article.passages),
        "brief": float(0 < length < BRIEF),
        "unended": mean(not ends_a_sentence(text) for text in texts),
        "bare": _bare(article),
        "display": _display(lines[draft.start : draft.stop], draft, body=body),
    }


def is_odd(title: str) -> bool:
    """Return whether a title begins or ends as none does: a date, an address, a part of another."""
    return bool(_ODD.search(title[len(label(title)) :]))


def _bare(article: ArticleText) -> float:
    """How many paragraphs stand above another as a headline does: short, without a stop."""
    found = 0
    for one, following in pairwise(article.passages):
        if isinstance(one, Paragraph) and isinstance(following, Paragraph):
            short = _weight(one.text) <= LONG and _weight(following.text) > LONG
            found += short and not ends_a_sentence(one.text)
    return _capped(found)


def _display(own: Sequence[Line], draft: ArticleDraft, *, body: Face) -> float:
    """The share of lines that are larger than the text, or bold in one that is not, and head
    nothing."""
    headed = {at for one in draft.inner for at in range(one.headline.start, one.headline.stop)}
    is_display: Callable[[Face], bool] = lambda face: (  # noqa: E731
        face.size >= LARGER * body.size or (face.bold and not body.bold)
    )
    return mean(
        is_display(line.face)
        for at, line in enumerate(own, start=draft.start)
        if at not in headed and not line.inset
    )


def _weight(text: str) -> int:
    return 2 * len(text) if has_ideographs(text) else len(text)


def _capped(count: int) -> float:
    return math.log1p(count)


def mean(values: Iterable[float]) -> float:
    """The mean of numbers; 0 of none."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0
