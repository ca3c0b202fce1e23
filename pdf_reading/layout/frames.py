"""Frames: rectangles that may hold text, drawn as one path or made of four rules."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol, TypeVar

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.page import Page

MIN_WIDTH = 80.0  # points
MIN_HEIGHT = 30.0  # points
SNAP = 3.0  # points
MAX_SIDES = 40
MAX_PAGE_SHARE = 0.5  # of the page
MAX_CROSSING = 10  # glyphs; a label may stand on a side


def frames_of(page: Page, *, taken: Sequence[Box]) -> tuple[Box, ...]:
    """The frames of a page that may hold text, the outer before the inner ones."""
    frames = [
        frame
        for frame in (*page.frames, *_ruled_frames(page.rules))
        if frame.width > MIN_WIDTH
        and frame.height > MIN_HEIGHT
        and frame.width * frame.height < MAX_PAGE_SHARE * page.width * page.height
        and not any(frame.holds(box) for box in taken)
        and not _is_ground(frame, page)
    ]
    return tuple(sorted(set(frames), key=lambda one: -one.width * one.height))


def _is_ground(frame: Box, page: Page) -> bool:
    """Whether a frame is as wide as the page, and text runs across its upper or lower side."""
    if frame.width < page.width - SNAP:
        return False
    crossing = sum(
        glyph.top + SNAP < side < glyph.bottom - SNAP
        for side in (frame.top, frame.bottom)
        for glyph in page.glyphs
    )
    return crossing > MAX_CROSSING


class Boxed(Protocol):
    """Something with a place on a page: a glyph, a line."""

    @property
    def box(self) -> Box: ...


Printed = TypeVar("Printed", bound=Boxed)


def parted_by(frames: Sequence[Box], printed: Sequence[Printed]) -> list[list[Printed]]:
    """Return what stands outside of all frames, then what stands in each: no line crosses a
    side."""
    if not frames:
        return [list(printed)]
    parts: list[list[Printed]] = [[] for _ in range(len(frames) + 1)]
    for one in printed:
        box = one.box
        held = (n for n, frame in enumerate(frames, start=1) if frame.holds(box))
        parts[next(held, 0)].append(one)
    return parts


def _ruled_frames(rules: Sequence[Box]) -> list[Box]:
    """Rectangles that four rules make."""
    upright = [rule for rule in rules if rule.height > max(rule.width, MIN_HEIGHT)][:MAX_SIDES]
    level = [rule for rule in rules if rule.width > max(rule.height, MIN_WIDTH)]
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
