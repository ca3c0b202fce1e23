"""Boxes: text that a frame or a ground of colour sets apart from the text around it.

A box with a headline of its own is an article of its own; one that lists what is inside is the
contents; one that says who publishes the issue is none. All other boxes stay where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.bounds import steadied
from pdf_reading.layout.columns import columns_of
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import is_boilerplate, opens_contents
from pdf_reading.structure.back_matter import says_who_publishes
from pdf_reading.structure.headings import Headline, headlines_of

MOST_TEXT = 0.35  # of an issue: with more in frames, frames are its layout


@dataclass(frozen=True, slots=True)
class Boxed:
    """The lines of a box in reading order, and its headline; None for contents and the like."""

    lines: tuple[Line, ...]
    head: Headline | None
    frame: Box

    @property
    def lists_contents(self) -> bool:
        return _lists_contents(self.lines)


def boxed_on(lines: Sequence[Line], frames: Sequence[Box], *, first: bool) -> list[Boxed]:
    """The boxes among the lines of a page that are to be read by themselves. On the `first` page
    the uppermost is the masthead."""
    found: list[Boxed] = []
    for frame in frames:
        inside = [line for line in lines if frame.holds(line.box)]
        outside = [line for line in lines if not frame.holds(line.box)]
        known = any(line in boxed.lines for boxed in found for line in inside)
        if len(inside) < 3 or not outside or known or any(line.inset for line in inside):
            continue
        boxed = _boxed(inside, frame)
        masthead = first and frame.top < min(line.box.top for line in outside)
        if boxed and (boxed.lists_contents or not masthead):
            found.append(boxed)
    return found


def are_layout(boxes: Sequence[Boxed], pages: Sequence[Sequence[Line]]) -> bool:
    """Whether so much text stands in boxes that they are no exceptions."""
    boxed = sum(len(line.text) for box in boxes for line in box.lines if box.head)
    return boxed > MOST_TEXT * sum(len(line.text) for lines in pages for line in lines)


def _boxed(inside: Sequence[Line], frame: Box) -> Boxed | None:
    lines = steadied(columns_of(inside))
    if _lists_contents(lines) or says_who_publishes(lines):
        return Boxed(tuple(lines), None, frame)
    faces = Counter(line.face for line in lines for _ in line.text)
    heads = headlines_of(lines, body=faces.most_common(1)[0][0])
    if not heads or heads[0].start or heads[0].stop > len(lines) - 2:
        return None
    if is_boilerplate(heads[0].text):
        return Boxed(tuple(lines), None, frame)
    return Boxed(tuple(lines), heads[0], frame)


def _lists_contents(lines: Sequence[Line]) -> bool:
    return any(opens_contents(" ".join(x.text for x in lines[:count])) for count in (1, 2))


def owner_of(boxed: Boxed, lines: Sequence[Line]) -> int:
    """The index of the line before a box: the next above it, else the last in the columns to its
    left, on an earlier page, or -1."""
    box, page = around(line.box for line in boxed.lines), boxed.lines[0].page
    over = [
        (line.box.top, index)
        for index, line in enumerate(lines)
        if line.page == page and line.box.top <= box.top and line.box.shared_width(box) > 0
    ]
    if over:
        return max(over)[1]
    left = [
        index
        for index, line in enumerate(lines)
        if line.page < page or (line.page == page and line.box.x1 <= box.x0)
    ]
    return max(left, default=-1)
