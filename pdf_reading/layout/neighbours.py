"""Neighbours: lines that stand closely below each other, as those of a paragraph do."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.layout.lines import Line
from pdf_reading.layout.prose import length_of, stands_below

MIN_LENGTH = 12  # letters; a line of less may be a cell or a label
LEADING = 1.75  # sizes
ASIDE = 2.5  # sizes by which an indented line begins aside of its neighbour


def neighbours_of(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """The pairs of lines of which the second stands closely below the first, as the next one of a
    paragraph does."""
    ordered = sorted((line for line in lines if not line.inset), key=lambda one: one.baseline)
    found = []
    for index, line in enumerate(ordered):
        for below in ordered[index + 1 :]:
            if below.baseline - line.baseline > LEADING * line.face.size:
                break
            if _is_next(line, below):
                found.append((line, below))
                break
    return found


def _is_next(line: Line, below: Line) -> bool:
    near = abs(below.box.x0 - line.box.x0) < ASIDE * line.face.size
    return near and stands_below(line, below)


def long_neighbours_of(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """The neighbours that are text and no cells: both are long, or the second ends a paragraph."""
    return [
        (line, below)
        for line, below in neighbours_of(lines)
        if length_of(line.text) >= MIN_LENGTH
        and (length_of(below.text) >= MIN_LENGTH or _ends(line, below))
    ]


def _ends(line: Line, below: Line) -> bool:
    return bool(below.text) and abs(line.box.x0 - below.box.x0) < 0.3 * line.face.size
