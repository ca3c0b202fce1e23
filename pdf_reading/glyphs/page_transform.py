"""The transform from PDF's coordinates (bottom left, before rotation) to those of the page as it
is seen (top left)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Self

from pdf_reading.glyphs.geometry import Box


@dataclass(frozen=True, slots=True)
class PageTransform:
    """The transform of one page. `rotation` counts quarter turns clockwise; `left` and `bottom` are
    the corner of the crop box."""

    rotation: int
    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def of(cls, page: Any) -> Self:
        """Return the transform of a page of pypdfium2."""
        left, bottom, _, _ = page.get_bbox()
        width, height = page.get_size()
        return cls(page.get_rotation() // 90, left, bottom, width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        match self.rotation:
            case 1:
                return y, x
            case 2:
                return self.width - x, y
            case 3:
                return self.width - y, self.height - x
        return x, self.height - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        if not self.rotation and left <= right and bottom <= top:  # as on most pages
            x, y, height = self.left, self.bottom, self.height
            return Box(left - x, height - (top - y), right - x, height - (bottom - y))
        xa, ya = self.point(left, bottom)
        xb, yb = self.point(right, top)
        return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def shows(self, x0: float, top: float, x1: float, bottom: float) -> bool:
        """Return whether any part of a box, as it is seen, lies on the page."""
        return x1 > 0 and x0 < self.width and bottom > 0 and top < self.height

    def is_turned(self, a: float, b: float) -> bool:
        """Return whether writing along (a, b) leans more than 2 degrees on the page as it is
        seen."""
        if not b and a > 0:  # as most writing on most pages does
            return bool(self.rotation)
        angle = math.degrees(math.atan2(b, a)) - 90 * self.rotation
        return abs((angle + 180) % 360 - 180) > 2
