"""Horizontal rules: those between the parts of a page, and, with the edges of bands of colour, the
bars of tables without vertical rules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.page import Page

SNAP = 3.0  # points
MIN_WIDTH = 60.0
MAX_BAND_HEIGHT = 120.0  # points: a taller band of colour is a box around text


def rules_between(page: Page, *, taken: Sequence[Box]) -> list[Box]:
    """The horizontal rules of a page outside of what is `taken`, underlines left out."""
    free = (rule for rule in page.rules if not any(box.holds(rule, slack=SNAP) for box in taken))
    return _level(free)


def bars_of(page: Page, *, rules: Sequence[Box], taken: Sequence[Box]) -> list[list[Box]]:
    """Stacks of bars of one width, each from top to bottom; nothing inside a `taken` box."""
    bands = [
        side
        for frame in page.frames
        if frame.height < MAX_BAND_HEIGHT and not any(box.holds(frame, slack=SNAP) for box in taken)
        for side in (
            Box(frame.x0, frame.top, frame.x1, frame.top),
            Box(frame.x0, frame.bottom, frame.x1, frame.bottom),
        )
    ]
    return _stacks(_level([*rules, *bands]))


def _level(rules: Iterable[Box]) -> list[Box]:
    """Level rules from top to bottom, the pieces that cells leave of one joined."""
    flat = sorted((r for r in rules if r.width >= r.height), key=lambda one: one.top)
    joined: list[Box] = []
    for _, group in itertools.groupby(flat, key=_same_height()):
        start = len(joined)
        for rule in sorted(group, key=lambda one: one.x0):
            if len(joined) > start and rule.x0 - joined[-1].x1 < 2 * SNAP:
                joined[-1] = around([joined[-1], rule])
            else:
                joined.append(rule)
    return [rule for rule in joined if rule.width >= MIN_WIDTH]


def _same_height() -> Callable[[Box], float]:
    """A key for rules in order: that of the first of those that lie as high."""
    first = -math.inf

    def key(rule: Box) -> float:
        nonlocal first
        if rule.top - first > SNAP:
            first = rule.top
        return first

    return key


def _stacks(rules: Sequence[Box]) -> list[list[Box]]:
    """Level rules of one width below each other."""
    stacks: list[list[Box]] = []
    for rule in rules:
        for bars in stacks:
            if abs(bars[0].x0 - rule.x0) < SNAP and abs(bars[0].x1 - rule.x1) < SNAP:
                if rule.top - bars[-1].top > SNAP:
                    bars.append(rule)
                break
        else:
            stacks.append([rule])
    return stacks
