"""Plain headlines, in the type of the text: short lines below the end of a paragraph that end no
sentence and lack the indent of the paragraphs below them."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, ends, indent, is_neighbour, is_short
from pdf_reading.lexicon import (
    byline,
    date_line,
    ends_a_sentence,
    has_bullet,
    is_caption,
    is_contact,
    is_source,
    is_subtitle,
    numbering_depth,
)
from pdf_reading.structure.headings import Headline, differ_in_ink, headline, is_centred
from pdf_reading.structure.numerals import number_of
from pdf_reading.structure.reprinted import comparable

MAX_LINES = 3
APART = 0.25  # sizes beyond the usual leading
TIGHTER = 0.1  # sizes short of it
CHINESE = 2  # depth: 一、 and （一）; figures number the entries of lists too
MAX_INDENT = 4.5  # sizes; what stands further in is centred, or at the right


@dataclass(frozen=True, slots=True)
class HeadingContext:
    """Type, paragraph style and `ink` of the text, and the comparable `titles` of the contents."""

    body: Face
    paragraph_style: ParagraphStyle
    titles: Set[str]
    ink: int = 0


def plain_headlines(
    lines: Sequence[Line], taken: Set[int], *, context: HeadingContext
) -> list[Headline]:
    """The lines that may be plain headings; those of `taken` are headings already."""
    found: list[Headline] = []
    starts: set[int] = set()
    for start in reversed(range(len(lines))):  # what follows a heading is known before it
        if start in taken or not _begins(lines, start, body=context.body):
            continue
        stop = _stop(lines, start, context=context)
        if taken.isdisjoint(range(start, stop)) and _is_title(
            lines[start:stop], lines[stop : stop + 1], bare=stop in starts, context=context
        ):
            found = [head for head in found if head.start >= stop]
            found.append(replace(headline(lines, start, stop), plain=True))
            starts.add(start)
    return found[::-1]


def is_at_the_edge(line: Line) -> bool:
    """Return whether a line has no indent."""
    return indent(line) < 0.5


def _is_in_the_middle(line: Line) -> bool:
    return is_centred(line) and indent(line) >= 1 and is_short(line, 1)


def _begins(lines: Sequence[Line], index: int, *, body: Face) -> bool:
    """Whether a line is in the type of the text, and what stands above it is over."""
    line = lines[index]
    if line.inset or line.face.bold != body.bold:
        return False
    if abs(line.face.size - body.size) > 0.03 * body.size:
        return False
    last = lines[index - 1] if index else None
    over = last is None or bool(last.inset) or ends(last) or _is_over(last)
    return over and not line.is_linked and bool(re.search(r"\w", line.text))


def _is_over(line: Line, *, room: float = 2) -> bool:
    """Whether a line leaves room, in sizes, for what would have followed it."""
    return is_short(line, room) or indent(line) >= MAX_INDENT


def _stop(lines: Sequence[Line], start: int, *, context: HeadingContext) -> int:
    """Where a title that begins here ends: it goes on below a full line, in the middle below the
    middle, and in lines that are set tighter than the text."""
    stop, first = start + 1, lines[start]
    while stop < min(len(lines), start + MAX_LINES + 1):
        last, line = lines[stop - 1], lines[stop]
        if not is_neighbour(last, line) or line.inset or number_of(line.text):
            break
        if is_subtitle(line.text) or _words(lines[start:stop]) in context.titles:
            break
        middle = is_centred(first) and _is_in_the_middle(line)
        leading = (line.baseline - last.baseline) / line.face.size
        loose = APART if middle or not _is_over(last) else -TIGHTER
        if (
            not (middle or is_at_the_edge(line))
            or leading > context.paragraph_style.leading + loose
        ):
            break
        stop += 1
    return stop


def _words(lines: Sequence[Line]) -> str:
    return comparable("".join(line.text for line in lines))


def _is_title(
    title: Sequence[Line], below: Sequence[Line], *, bare: bool, context: HeadingContext
) -> bool:
    """Whether lines are worded as a title and placed as one; `bare`: a heading follows at once.
    A title that is listed may be as wide as its column."""
    words = "".join(line.text for line in title)
    if len(title) > MAX_LINES or not _is_worded_as_title(words):
        return False
    if comparable(words) in context.titles:
        return True
    if not below or not _is_over(title[-1], room=1):
        return False  # a full line goes on in the next, which hangs
    numbered = bool(number_of(words))
    if not context.paragraph_style.indents:
        inked = differ_in_ink(title[0].ink, context.ink) and is_at_the_edge(below[0])
        return inked or (numbered and numbering_depth(words) <= CHINESE)
    at_right = numbered and indent(title[0]) >= MAX_INDENT
    placed = is_at_the_edge(title[0]) or _is_in_the_middle(title[0]) or at_right
    return bare or (placed and _opens_text(below[0]))


def _is_worded_as_title(words: str) -> bool:
    if (
        ends_a_sentence(words)
        or "。" in words
        or "；" in words
        or "://" in words
        or is_subtitle(words)
    ):
        return False
    if is_source(words) or is_caption(words) or has_bullet(words) or is_contact(words):
        return False
    return not (byline(words) or date_line(words))


def _opens_text(line: Line) -> bool:
    """What may stand below a headline: an indented paragraph, a subtitle, a byline, a figure."""
    facts = is_subtitle(line.text) or byline(line.text) or date_line(line.text)
    return bool(line.inset or facts) or 0.8 <= indent(line) < MAX_INDENT
