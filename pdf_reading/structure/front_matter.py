"""The front matter: where the cover or masthead ends and the text begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import is_numbered, is_subtitle
from pdf_reading.lexicon.facts import is_dateline, is_imprint
from pdf_reading.lexicon.numbers import NUMBER
from pdf_reading.lexicon.publishers import names_a_body

MAX_MASTHEAD_LINES = 8  # lines at most
TITLE_SIZE, DISPLAY_SIZE = 1.5, 2.5  # of the size of the text
RIVAL_SIZE = 0.75  # of the size of a first line, headlines that make it one of them
MAX_ABOVE_TITLE = 3  # lines
MAX_BESIDE_MOTTO = 12  # characters beside it, such as a place
LONG_LINE = 30  # sizes
MIN_MARGIN = 5  # sizes on both sides of a line in the middle
_IN_SENTENCES = re.compile("[，。；]")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")


def front_matter_of(lines: Sequence[Line], *, contents_at: int | None, body: Face) -> int:
    """Return how many of an issue's first lines are its cover or masthead.

    Everything before the contents; else a first page without running text; else the lines of
    the first page down to the first heading below number or date.
    """
    if contents_at is not None and not any(_is_text(line, body) for line in lines[:contents_at]):
        return contents_at
    first = [line for line in lines if line.page == lines[0].page]
    texts = sum(_is_text(line, body) for line in first)
    if texts < 2 and len(first) < 25 and len(first) < len(lines):
        return len(first)
    if _opens_an_article(lines, body) or _opens_a_section(lines, body):
        return 0
    titled = first[0].face.size > TITLE_SIZE * body.size and _alone(first[0], lines)
    count = max(int(titled), _masthead(first, body))
    # Behind a cover that is a picture, large type alone heads an article.
    on_cover = first[0].page == 1 or any(is_imprint(line.text) for line in first[:count])
    return count if on_cover else 0


def _opens_an_article(lines: Sequence[Line], body: Face) -> bool:
    """Whether an issue without a masthead begins with its lead headline: text follows at once, and
    other headlines are about as large."""
    head = list(takewhile(lambda line: line.face == lines[0].face, lines))
    size, rest = head[0].face.size, lines[len(head) :]
    rivals = (
        line
        for line in rest
        if not line.inset and RIVAL_SIZE * size < line.face.size <= size and line.face != body
    )
    facts = any(is_imprint(line.text) for line in head)
    text = size > TITLE_SIZE * body.size and any(_is_text(line, body) for line in rest[:1])
    return text and not facts and next(rivals, None) is not None


def _opens_a_section(lines: Sequence[Line], body: Face) -> bool:
    """Whether an issue without a masthead begins with the name of a section: a headline follows at
    once, as one does below other lines of its type."""
    head = list(takewhile(lambda line: line.face == lines[0].face, lines))
    below = next(iter(lines[len(head) :]), None)
    if below is None or below.inset or below.face.size <= body.size:
        return False
    if any(is_imprint(line.text) for line in [*head, below]):
        return False
    return any(
        (one.face, other.face) == (head[0].face, below.face) and one.text != head[-1].text
        for one, other in pairwise(lines[len(head) :])
    )


def _masthead(first: Sequence[Line], body: Face) -> int:
    """How many lines a masthead on top of a first page takes; 0 where there is none."""
    printed = [index for index, line in enumerate(first) if not line.inset]
    count = _masthead_lines([first[index] for index in printed], body)
    return printed[count - 1] + 1 if count else 0


def _masthead_lines(first: Sequence[Line], body: Face) -> int:
    """How many of the lines of print are a masthead: down to the last fact above the second
    heading, or with a few short lines below that."""
    end = last = facts = 0
    largest = max((line.face.size for line in first), default=0.0)
    title_at = max(_display_at(first, body), _number_at(first, body))
    for index, line in enumerate(first[:MAX_MASTHEAD_LINES]):
        named = _goes_on_below_date(line, first[:index], body)
        text = _is_text(line, body) or (index and _is_heading(line, first[:index], body, facts))
        if text and index > title_at and not named:
            break
        end = index + 1
        if is_imprint(line.text):
            facts = end
        title = named or (line.face.size > TITLE_SIZE * body.size and line.face.size >= largest)
        if is_imprint(line.text) or title or (last == index and names_a_body(line.text)):
            last = end
    below = first[end] if end < len(first) else None
    heads = below is not None and below.face != body and not is_subtitle(below.text)
    return end if heads and last and end - last <= 3 else last


def _goes_on_below_date(line: Line, above: Sequence[Line], body: Face) -> bool:
    """Whether a line stands below nothing but a date in its own type, larger than the text: who
    publishes for that week."""
    dated = [one for one in above if is_dateline(one.text) and one.face == line.face]
    return 0 < len(dated) == len(above) and line.face.size > 1.08 * body.size


def _display_at(first: Sequence[Line], body: Face) -> int:
    """The index of a title in display type with few lines above it, such as who publishes it; -1
    without one. What is larger and stands in another face below the facts of a title is the lead
    headline."""
    sizes = [line.face.size for line in first[: MAX_ABOVE_TITLE + 1]]
    largest = max((line.face.size for line in first), default=0.0)
    if largest < DISPLAY_SIZE * body.size or largest not in sizes:
        return -1
    lead = sizes.index(largest)
    titles = (
        index
        for index, line in enumerate(first[:lead])
        if line.face.size >= DISPLAY_SIZE * body.size
        and line.face.family != first[lead].face.family
        and any(is_dateline(other.text) for other in first[index + 1 : lead])
    )
    return next(titles, lead)


def _number_at(first: Sequence[Line], body: Face) -> int:
    """The index of a line with nothing but the number of the issue and its date, or its date in
    large type, if no text stands above it; -1 without one."""
    above = takewhile(lambda line: not _is_text(line, body), first[:MAX_MASTHEAD_LINES])
    large = TITLE_SIZE * body.size
    facts = (
        i
        for i, x in enumerate(above)
        if is_dateline(x.text) and (NUMBER.search(x.text) or x.face.size > large)
    )
    return next(facts, -1)


def _is_heading(line: Line, above: Sequence[Line], body: Face, facts: int) -> bool:
    """Numbered, or larger than the text; above the facts only what is smaller than the title."""
    if is_dateline(line.text):
        return False
    if facts and is_numbered(line.text):
        return True
    title = max(one.face.size for one in above)
    larger = 1.08 * body.size
    return line.face.size >= larger <= title and (facts > 0 or line.face.size < title)


def _alone(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a first line is set larger than all else: the title of the bulletin."""
    return all(other.face.size < line.face.size for other in lines if other is not line)


def _is_text(line: Line, body: Face) -> bool:
    """A full line of body type that says nothing about the issue; a sentence may name a day. A
    motto in quotation marks is none, nor is what stands in the middle between wide margins."""
    large = line.face.size > 1.1 * body.size and not _is_chinese_prose(line, body)
    if large or line.box.width <= 18 * line.face.size:
        return False
    free = MIN_MARGIN * line.face.size
    if line.box.x0 - line.left > free and line.right - line.box.x1 > free:
        return False
    words = _QUOTED.sub("", line.text)
    if words != line.text and len(words) < MAX_BESIDE_MOTTO:
        return False
    return not is_imprint(words) or bool(_IN_SENTENCES.search(words))


def _is_chinese_prose(line: Line, body: Face) -> bool:
    """Whether a line is one of Chinese sentences in type a little larger than the most frequent, as
    the text of an issue full of code is."""
    long = line.box.width > LONG_LINE * line.face.size
    small = line.face.size < TITLE_SIZE * body.size
    return long and small and bool(_IN_SENTENCES.search(line.text))
