"""Rectangles on a page. Points, from the top left corner of the page as it is seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Placed(Protocol):
    """Something with the sides of a rectangle: a box, a glyph."""

    @property
    def x0(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def bottom(self) -> float: ...


class Box(NamedTuple):
    """A rectangle; `top` is above `bottom`, so it is the smaller number."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def middle(self) -> tuple[float, float]:
        return ((self.x0 + self.x1) / 2, (self.top + self.bottom) / 2)

    def holds(self, other: Placed, *, slack: float = 0.0) -> bool:
        """Return whether the middle of `other` lies inside, or at most `slack` points outside."""
        x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
        return (
            self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack
        )

    def touches(self, other: Box, *, slack: float = 0.0) -> bool:
        """Return whether the two share a point when each side may give way by `slack`."""
        return (
            self.x0 - slack <= other.x1
            and other.x0 - slack <= self.x1
            and self.top - slack <= other.bottom
            and other.top - slack <= self.bottom
        )

    def distance(self, other: Box) -> float:
        """Return how far the middle of another box is from this one."""
        x, y = other.middle
        return max(self.x0 - x, x - self.x1, 0.0) + max(self.top - y, y - self.bottom, 0.0)

    def shared_width(self, other: Box) -> float:
        """Return how many points of the horizontal axis both cover."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def shared_area(self, other: Box) -> float:
        """Return how many square points both cover."""
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return self.shared_width(other) * max(0.0, height)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them. Needs at least one."""
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return Box(min(x0s), min(tops), max(x1s), max(bottoms))


def clusters(boxes: Iterable[Box], *, slack: float) -> list[list[Box]]:
    """Boxes that touch, directly or through others, in one list. O(n²); for hundreds of boxes."""
    groups: list[tuple[Box, list[Box]]] = []
    for box in sorted(boxes, key=lambda b: (b.top, b.x0)):
        hull, members = box, [box]
        while near := [group for group in groups if group[0].touches(hull, slack=slack)]:
            groups = [group for group in groups if group not in near]
            hull = around([hull, *(group[0] for group in near)])
            members = [member for group in near for member in group[1]] + members
        groups.append((hull, members))
    return [members for _, members in groups]
