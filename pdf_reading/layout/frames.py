"""Frames: rectangles of a page that may hold text, drawn as one or made of four rules."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.page import Glyph, Page

NARROWEST = 80.0  # points
TALLEST_LINE = 30.0  # points
SNAP = 3.0  # points
MOST_SIDES = 40
LARGEST = 0.5  # of the page


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
