"""Kickers: the few words in small type that stand over headlines and name a subject."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import byline, date_line, ends_a_sentence, is_numbered, is_source
from pdf_reading.structure.headings import Headline

MAX_LENGTH = 40  # characters
OFTEN = 0.5  # of the headlines of one size, where the same words return
NEARLY_ALWAYS = 0.8  # where they do not: a section has several articles


def kickers_of(lines: Sequence[Line], heads: Sequence[Headline], *, body: Face) -> set[int]:
    """The indices of the lines that are kickers: one face stands over most headlines of a size."""
    over = [(head, lines[head.start - 1]) for head in heads if _has_over(lines, head, body=body)]
    words: dict[tuple[float, Face], list[str]] = defaultdict(list)
    for head, line in over:
        words[head.face.size, line.face].append(line.text)
    sizes = Counter(head.face.size for head in heads)
    usual = {
        style
        for style, texts in words.items()
        if _is_usual(texts, heads=sizes[style[0]], small=style[1].size < 0.97 * body.size)
    }
    return {head.start - 1 for head, line in over if (head.face.size, line.face) in usual}


def _is_usual(texts: Sequence[str], *, heads: int, small: bool) -> bool:
    """What heads a section is not smaller than the text, and does not return."""
    if small:
        return len(texts) >= 2
    returns = len(set(texts)) < len(texts)
    return len(texts) >= max(3, (OFTEN if returns else NEARLY_ALWAYS) * heads)


def _has_over(lines: Sequence[Line], head: Headline, *, body: Face) -> bool:
    """Whether the line above a headline is nearer to it than to what stands above that line."""
    if not head.start:
        return False
    line, below = lines[head.start - 1], lines[head.start]
    above = lines[head.start - 2] if head.start > 1 else None
    gap = below.baseline - line.baseline
    apart = (
        above is None or above.column != line.column or line.box.top - above.box.bottom > gap / 2
    )
    return (
        (line.page, line.column) == (below.page, below.column)
        and 0 < gap < 2.2 * below.face.size
        and apart
        and line.face != body
        and line.face.size < 0.95 * head.face.size
        and _names_a_subject(line)
    )


def _names_a_subject(line: Line) -> bool:
    text = line.text
    if line.inset or len(text) > MAX_LENGTH or ends_a_sentence(text) or not re.search(r"\w", text):
        return False
    return not (is_source(text) or byline(text) or date_line(text) or is_numbered(text))
