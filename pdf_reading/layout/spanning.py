"""Lines over several columns that are narrower than these: heads, lines of a masthead."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.lines import Line

LONG = 6  # lines
HEAD = 1.25  # of the size of type
BALANCED = 3.0  # sizes by which columns below a common head may begin apart


def heads_alone(lines: Sequence[Line]) -> list[Line]:
    """Short lines of larger or bolder type with nothing beside them, of a face that never has."""
    if not lines:
        return []
    size = median(line.face.size for line in lines)
    light = sum(one.face.bold for one in lines) < 0.3 * len(lines)
    large = [
        one
        for one in lines
        if not one.inset
        and (one.face.size >= HEAD * size or (light and one.face.bold and one.face.size >= size))
    ]
    alone = [one for one in large if _is_alone(one, lines)]
    inside = {one.face for one in large if one not in alone}
    return [head for head in alone if head.face not in inside]


def heads_over(heads: Sequence[Line], lines: Sequence[Line], x: float) -> set[int]:
    """Return those of `heads` that head the columns on both sides of `x`: both begin together
    below. One of their face that is the last on the page heads those of the next."""
    over = [head for head in heads if _heads_both(head, lines, x)]
    faces = {head.face for head in over}
    lowest = max((line.box.bottom for line in lines), default=0.0)
    last = [head for head in heads if head.face in faces and head.box.bottom >= lowest]
    return {id(head) for head in (*over, *last)}


def _is_alone(head: Line, lines: Sequence[Line]) -> bool:
    top, bottom = head.box.top + 1, head.box.bottom - 1
    return not any(
        one.box.top < bottom and top < one.box.bottom for one in lines if one is not head
    )


def _heads_both(head: Line, lines: Sequence[Line], x: float) -> bool:
    size = head.face.size / HEAD
    if not _belongs_to_both(head, around(one.box for one in lines), size=size):
        return False
    if any(0 <= head.box.top - one.box.bottom + 1 < 0.5 * size for one in lines):
        return False  # text of a column goes on above it
    below = [
        one for one in lines if one.box.top >= head.box.bottom - 1 and not _continues(head, one)
    ]
    left = [one for one in below if one.box.x1 <= x]
    right = [one for one in below if one.box.x0 >= x - size]
    if not left or not right:
        return False
    first, second = (min(side, key=lambda one: one.box.top) for side in (left, right))
    if head.face in {first.face, second.face}:
        return False
    return abs(first.box.top - second.box.top) < BALANCED * size


def _belongs_to_both(head: Line, whole: Box, *, size: float) -> bool:
    """Whether a head stands where that of all columns would: at the left edge, the right edge
    or the middle of the page, not in the middle of a column."""
    offsets = (
        head.box.x0 - whole.x0,
        whole.x1 - head.box.x1,
        head.box.middle[0] - whole.middle[0],
    )
    return any(abs(offset) < 2 * size for offset in offsets)


def _continues(head: Line, line: Line) -> bool:
    """Whether a line is the next one of a heading of two lines."""
    return line.face == head.face and line.baseline - head.baseline < 2 * head.face.size


def set_over(left: list[Line], right: list[Line]) -> list[Line]:
    """The lines above both columns that belong to neither: those of a centred masthead."""
    if not left or len(right) < LONG:
        return []
    top, whole = min(line.box.top for line in left), around(x.box for x in (*left, *right))
    ordered = sorted(right, key=lambda one: one.box.top)
    above = [one for one in ordered if one.box.bottom <= top and not one.inset]
    for count in range(min(len(above), len(right) - 1), 0, -1):
        group, rest = ordered[:count], ordered[count:]
        gap = min(one.box.top for one in rest) - max(one.box.bottom for one in group)
        size = group[-1].face.size
        if gap > 1.2 * size and all(_keeps_off(one, rest, whole) for one in group):
            return group
    return []


def _keeps_off(line: Line, below: Sequence[Line], whole: Box) -> bool:
    """Whether a line is centred on the page, or keeps off both edges of the lines below it."""
    hull, size = around(one.box for one in below), 1.2 * below[0].face.size
    centred = abs(line.box.middle[0] - whole.middle[0]) < size
    return centred or (line.box.x0 > hull.x0 + size and line.box.x1 < hull.x1 - size)
