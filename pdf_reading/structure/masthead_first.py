"""A masthead that stands over a later column, read before the columns beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon.facts import is_imprint, is_kind_of_issue

TITLE_SIZE = 1.5  # of the size of the text
MAX_BELOW = 3  # lines below the title, with number or date
LARGER = 1.08  # of the size of the text, the lines of number and date


def with_masthead_first(lines: Sequence[Line], *, body: Face) -> list[Line]:
    """The lines of an issue in reading order, those of a masthead before all others of its page:
    the largest type of the issue above all text of the first page, with number or date below."""
    first = [line for line in lines if line.page == lines[0].page and not line.inset]
    size = max((line.face.size for line in lines if not line.inset), default=0.0)
    title = [line for line in first if line.face.size == size]
    if not title or size < TITLE_SIZE * body.size or first[0] is title[0]:
        return list(lines)
    masthead = _block(first, title[0], body=body)
    taken = {id(line) for line in masthead}
    beside = [line for line in first if id(line) not in taken]
    if not masthead or any(line.box.top <= title[0].box.top for line in beside):
        return list(lines)
    return [*masthead, *(line for line in lines if id(line) not in taken)]


def _block(first: Sequence[Line], title: Line, *, body: Face) -> list[Line]:
    """The lines of a title and those below it down to number or date; none without these."""
    rest = first[first.index(title) :]
    whole = list(takewhile(lambda line: line.face == title.face, rest))
    below = rest[len(whole) : len(whole) + MAX_BELOW]
    larger = list(takewhile(lambda line: line.face.size > LARGER * body.size, below))
    for count in range(1, len(larger) + 1):
        words = " ".join(line.text for line in larger[:count])
        if is_imprint(words) or is_kind_of_issue(words):
            return [*whole, *larger[:count]]
    return []
