"""Bold text that is no heading: points, whole paragraphs, the first words of one, the end of one.

Type at the size of the text parts nothing by itself: what a sentence runs into or out of is text,
however bold, and so is what has sentences in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.glyphs.normalisation import is_cjk
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ends, is_neighbour, is_short

LARGER = 1.08  # of the size of the text
LOOSE = 0.3  # sizes beyond the usual leading, and still the same paragraph
MAX_FULL_LINES = 2  # of a heading at the size of the text
USUAL_LEADING = 1.2
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{4}[.!?][”\"’)]*\s+[^\W\d_]|。.")
_POINT = re.compile(r"[a-z][.)]\s")
_MANY_ITEMS = re.compile(r"(?:[^,;，、]+[,;，、]){4}")


def leading_of(lines: Sequence[Line], *, body: Face) -> float:
    """Return how far apart lines of the text stand, in sizes."""
    gaps = Counter(
        round((below.baseline - above.baseline) / below.face.size, 1)
        for above, below in pairwise(lines)
        if above.face == below.face == body and is_neighbour(above, below)
    )
    return gaps.most_common(1)[0][0] if gaps else USUAL_LEADING


def is_bold_text(
    lines: Sequence[Line], start: int, stop: int, *, body: Face, leading: float
) -> bool:
    """Return whether the lines from `start` to `stop`, set apart by their weight alone, are
    text."""
    here = lines[start:stop]
    face = here[0].face
    if here[0].tag or face.size >= LARGER * body.size or not _are_one_family(face, body):
        return False
    words = " ".join(line.text for line in here)
    if _SENTENCE_INSIDE.search(words) or _MANY_ITEMS.match(words) or _POINT.match(words):
        return True
    if len(here) > MAX_FULL_LINES and not all(is_short(line, 2) for line in here[1:]):
        return True
    above = lines[start - 1] if start else None
    below = lines[stop] if stop < len(lines) else None
    return (above is not None and _goes_on(above, here[0], leading=leading)) or (
        below is not None and _goes_on(here[-1], below, leading=leading)
    )


def is_chinese_sentence(lines: Sequence[Line], start: int, stop: int) -> bool:
    """Return whether lines that no program tagged are a sentence, in whatever type: no Chinese
    title ends with a full stop (GB/T 15834)."""
    last, below = lines[stop - 1], lines[stop] if stop < len(lines) else lines[stop - 1]
    ends_below = below.face == last.face and is_neighbour(last, below) and not is_short(last, 2)
    closed = last.text.endswith("。") or (ends_below and below.text.endswith("。"))
    return closed and not lines[start].tag


def closes_like_text(words: str, face: Face, *, body: Face) -> bool:
    """Return whether words in bold at the size of the text end as a sentence does."""
    return face.size < LARGER * body.size and words.endswith((".", "。"))


def _are_one_family(one: Face, other: Face) -> bool:
    """Whether two faces are cut of one family: programs name them with more or fewer letters."""
    shorter, longer = sorted((one.family, other.family), key=len)
    return longer.startswith(shorter) if shorter else not longer


def _goes_on(last: Line, line: Line, *, leading: float) -> bool:
    """Whether a sentence runs from one line into the next: it stands close below in type of that
    size, and the line above is full and over with no mark."""
    if last.inset or line.inset or not is_neighbour(last, line):
        return False
    close = line.baseline - last.baseline < (leading + LOOSE) * line.face.size
    alike = abs(last.face.size - line.face.size) < 0.1 * line.face.size
    if not (close and alike) or ends(last) or _is_at_the_right(last):
        return False
    return not is_short(last, _width_of_first_word(line)) and not _starts_anew(last, line)


def _is_at_the_right(line: Line) -> bool:
    """Whether a line stands in the right half of its column, as who signs does."""
    return line.box.x0 - line.left > 0.4 * (line.right - line.left)


def _starts_anew(last: Line, line: Line) -> bool:
    """Whether a line is indented below the one above it, as the first of a paragraph is."""
    return line.box.x0 - last.box.x0 > 0.8 * line.face.size


def _width_of_first_word(line: Line) -> float:
    """In sizes, with some room."""
    if is_cjk(line.text[0]):
        return 2.0
    return 0.55 * len(line.text.split()[0]) + 0.8
