"""The signature of an article: the name that closes it, in bold or at the right.

Letters are signed so, and what people write for their parish or club: there a bold line heads
nothing, as a heading always stands above what it heads.
"""

from __future__ import annotations

import re

from pdf_reading.account import Destination
from pdf_reading.content.article_intro import Body
from pdf_reading.content.parts import CaptionedInset, Part
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import ends
from pdf_reading.lexicon import date_line, is_source
from pdf_reading.structure.headings import Headline

MAX_LENGTH = 48  # characters of a name and what somebody is
MAX_CHINESE_LENGTH = 12
MAX_NAMES = 3  # words of a name in bold
AT_THE_RIGHT = 0.4  # of the width of a column, where a signature begins
NEAR = 1.5  # sizes of the text between it and a signature
LARGER = 1.15  # times that size
_NAME = re.compile(r"(?:[^\W\d_][^\W\d_.’'-]*\.?[’'-]?)+")


def with_signature(parts: list[Part], body: Body) -> list[Part]:
    """Move the signature of an article into `body`. Returns the other parts; sub-headings below
    which nothing stands are text."""
    last = max((n for n, one in enumerate(parts) if not _is_figure(one)), default=-1)
    first = last
    while first >= 0 and isinstance(parts[first], Headline):
        first -= 1
    if first < 0 or not isinstance(parts[first], Line):
        return parts
    signed, behind = parts[last], parts[last + 1 :]
    if any(one.page == signed.page for one in behind) and first < last:
        return parts  # what stands last heads a figure
    if isinstance(signed, CaptionedInset):
        return parts  # a table closes the article
    if not body.byline and _signs(signed, parts[last - 1]):
        body.byline = signed.text
        body.claims.take(Destination.CREDIT, signed)
        last -= 1
    heads = [one for one in parts[first + 1 : last + 1] if isinstance(one, Headline)]
    lines = [line for head in heads for line in _lines_of(head, body)]
    return [*parts[: first + 1 if heads else last + 1], *lines, *behind]


def _signs(signed: Line | Headline, above: Part) -> bool:
    if isinstance(signed, Headline):
        return isinstance(above, Line) and _closes(signed, above) and _is_name(signed.text)
    return _stands_at_the_right(signed, above)


def _is_figure(part: Part) -> bool:
    return isinstance(part, CaptionedInset) and part.inset.kind == "figure"


def _lines_of(head: Headline, body: Body) -> list[Line]:
    start = body.claims.start
    return list(body.claims.lines[head.start - start : head.stop - start])


def _closes(head: Headline, above: Line) -> bool:
    """Whether bold words in the size of the text stand closer below it than a headline does."""
    size = above.face.size
    near = head.page == above.page and head.top - above.box.bottom < NEAR * size
    return near and head.face.size < LARGER * size


def _stands_at_the_right(line: Line, above: Part) -> bool:
    """Whether a short line stands in the right half of its column below a whole sentence. In the
    type of the text it is the end of a letter."""
    if not isinstance(above, Line) or above.inset or not ends(above) or ends(line):
        return False
    if line.face == above.face or is_source(line.text) or date_line(line.text):
        return False
    further = line.box.x0 - line.left > AT_THE_RIGHT * (line.right - line.left)
    beyond = line.box.x0 - above.box.x0 > AT_THE_RIGHT * (above.right - above.left)
    longest = MAX_CHINESE_LENGTH if has_ideographs(line.text) else MAX_LENGTH
    named = not re.search(r"\d|@|www\.", line.text)
    return further and beyond and named and len(line.text) <= longest


def _is_name(text: str) -> bool:
    """Whether words are a name: a few, each with a capital letter, or a few Chinese characters."""
    if has_ideographs(text):
        return len(text) <= 4
    words = text.split()
    named = all(_NAME.fullmatch(word) and word.istitle() for word in words)
    return named and 1 < len(words) <= MAX_NAMES
