"""Text boxes: text that a frame or a ground of colour sets apart from the text around it.

A box with a headline is an article of its own, a list of what is inside is the contents, an imprint
is left out. The lines of all other boxes stay in the text around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.bounds import with_column_bounds
from pdf_reading.layout.columns import columns_of
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import is_boilerplate, opens_contents
from pdf_reading.structure.back_matter import is_imprint_block
from pdf_reading.structure.headings import Headline, headlines_of

LARGER = 1.1  # of the size of the text
SLACK = 3.0  # points by which a heading may reach into the frame below it
MIN_LARGER = 0.5  # points
OFF_CENTRE = 0.05  # of the width of a frame
MAX_BOXED_SHARE = 0.35  # of an issue: with more in frames, frames are its layout


@dataclass(frozen=True, slots=True)
class TextBox:
    """The lines of a box in reading order, and its headline; None for contents and the like.
    `printed` are its lines as they stood on the page, in which rows may be in pieces."""

    lines: tuple[Line, ...]
    head: Headline | None
    frame: Box
    printed: tuple[Line, ...]

    @property
    def lists_contents(self) -> bool:
        """Whether the box is a list of what is inside."""
        return _lists_contents(self.lines)


def text_boxes_on(lines: Sequence[Line], frames: Sequence[Box], *, first: bool) -> list[TextBox]:
    """The boxes of a page that are read by themselves. On the `first` page the uppermost is the
    masthead."""
    found: list[TextBox] = []
    for frame in frames:
        inside = [line for line in lines if frame.holds(line.box)]
        outside = [line for line in lines if not frame.holds(line.box)]
        known = any(line in other.printed for other in found for line in inside)
        if len(inside) < 3 or not outside or known or any(line.inset for line in inside):
            continue
        box = _text_box(inside, frame)
        free = [line for line in outside if not any(one.holds(line.box) for one in frames)]
        if box and box.head and _is_headed(frame, box.head, free):
            continue
        masthead = first and frame.top < min(line.box.top for line in outside)
        if box and (box.lists_contents or not masthead):
            found.append(box)
    return found


def _is_headed(frame: Box, head: Headline, outside: Sequence[Line]) -> bool:
    """Whether a larger heading than that of a box stands right above its frame and over the middle
    of it: it heads what the frame holds."""
    above = [
        line
        for line in outside
        if line.box.bottom < frame.top + SLACK and line.box.shared_width(frame) > 0
    ]
    last = max(above, key=lambda line: line.box.bottom, default=None)
    if last is None or last.face.size < head.face.size + MIN_LARGER:
        return False
    near = frame.top - last.box.bottom < last.face.size
    middles = last.box.middle[0], frame.middle[0]
    return near and abs(middles[0] - middles[1]) < OFF_CENTRE * frame.width


def is_banner(box: TextBox, *, size: float) -> bool:
    """Return whether all lines of a box with a headline are larger than the text, whose `size` is
    given: a headline on a ground of colour."""
    return bool(box.head) and all(line.face.size > LARGER * size for line in box.lines)


def are_layout(boxes: Sequence[TextBox], pages: Sequence[Sequence[Line]]) -> bool:
    """Return whether so much text stands in boxes that they are the layout of the issue."""
    boxed = sum(len(line.text) for box in boxes for line in box.lines if box.head)
    return boxed > MAX_BOXED_SHARE * sum(len(line.text) for lines in pages for line in lines)


def _text_box(inside: Sequence[Line], frame: Box) -> TextBox | None:
    lines = with_column_bounds(columns_of(inside))
    if _lists_contents(lines) or is_imprint_block(lines):
        return TextBox(tuple(lines), None, frame, tuple(inside))
    faces = Counter(line.face for line in lines for _ in line.text)
    heads = headlines_of(lines, body=faces.most_common(1)[0][0])
    if not heads or heads[0].start or heads[0].stop > len(lines) - 2:
        return None
    if is_boilerplate(heads[0].text):
        return TextBox(tuple(lines), None, frame, tuple(inside))
    return TextBox(tuple(lines), heads[0], frame, tuple(inside))


def _lists_contents(lines: Sequence[Line]) -> bool:
    return any(opens_contents(" ".join(x.text for x in lines[:count])) for count in (1, 2))


def owner_of(box: TextBox, lines: Sequence[Line]) -> int:
    """The index of the line before a box: the next above it, else the last in the columns to its
    left, on an earlier page, or -1."""
    hull, page = around(line.box for line in box.lines), box.lines[0].page
    over = [
        (line.box.top, index)
        for index, line in enumerate(lines)
        if line.page == page and line.box.top <= hull.top and line.box.shared_width(hull) > 0
    ]
    if over:
        return max(over)[1]
    left = [
        index
        for index, line in enumerate(lines)
        if line.page < page or (line.page == page and line.box.x1 <= hull.x0)
    ]
    return max(left, default=-1)
