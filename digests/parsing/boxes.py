"""Boxes: text that a frame or a ground of colour sets apart from the text around it.

A box with a headline of its own is an article of its own; one that lists what is inside is the
contents; one that says who publishes the issue is none. All other boxes stay where they are.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from digests.parsing.bounds import steadied
from digests.parsing.closing import says_who_publishes
from digests.parsing.columns import columns_of
from digests.parsing.geometry import Box, around
from digests.parsing.headings import Headline, headlines_of
from digests.parsing.lines import Line
from digests.parsing.page import Glyph, Page
from digests.parsing.wording import is_boilerplate, opens_contents

NARROWEST = 80.0  # points
TALLEST_LINE = 30.0  # points
SNAP = 3.0  # points
MOST_SIDES = 40
LARGEST = 0.5  # of the page
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


def frames_of(page: Page, *, taken: Sequence[Box]) -> tuple[Box, ...]:
    """The frames of a page that may hold text, the outer before the inner ones."""
    frames = [
        frame
        for frame in (*page.frames, *_ruled_frames(page.rules))
        if frame.width > NARROWEST
        and frame.height > TALLEST_LINE
        and frame.width * frame.height < LARGEST * page.width * page.height
        and not any(frame.holds(box) for box in taken)
    ]
    return tuple(sorted(set(frames), key=lambda one: -one.width * one.height))


def parted_by(frames: Sequence[Box], glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs outside of all frames, then those in each: no line of text runs through a side."""
    parts: list[list[Glyph]] = [[] for _ in range(len(frames) + 1)]
    for glyph in glyphs:
        held = (n for n, frame in enumerate(frames, start=1) if frame.holds(glyph.box))
        parts[next(held, 0)].append(glyph)
    return parts


def _ruled_frames(rules: Sequence[Box]) -> list[Box]:
    """Rectangles that four rules make."""
    upright = [rule for rule in rules if rule.height > max(rule.width, TALLEST_LINE)][:MOST_SIDES]
    level = [rule for rule in rules if rule.width > max(rule.height, NARROWEST)]
    return [
        around([left, right])
        for left, right in itertools.combinations(sorted(upright), 2)
        if abs(left.top - right.top) < SNAP
        and abs(left.bottom - right.bottom) < SNAP
        and all(
            any(
                abs(rule.top - y) < SNAP
                and abs(rule.x0 - left.x0) < SNAP
                and abs(rule.x1 - right.x1) < SNAP
                for rule in level
            )
            for y in (left.top, left.bottom)
        )
    ]


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
