"""Extents: where a drawn object lies on the page as it is seen, and what its clip shows of it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdf

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.glyphs.page_transform import PageTransform

MIN_CLIPPED_SIDE = 40.0  # points: what is smaller reaches little beyond its clip
MAX_CLIP_POINTS = 64

Matrix = tuple[float, float, float, float, float, float]


class Space(NamedTuple):
    """The coordinates of a page or form: the matrix that leads to the page's, and the `window`, the
    part of the page as it is seen that may be drawn on."""

    transform: PageTransform
    matrix: Matrix
    window: Box

    @classmethod
    def of(cls, transform: PageTransform) -> Space:
        """Return that of a page."""
        return cls(transform, (1, 0, 0, 1, 0, 0), Box(0, 0, transform.width, transform.height))

    def within(self, form: Any) -> Space:
        """Return that of a form which is drawn in this one."""
        window = shared(self.window, _clip(form, self)) or Box(0, 0, 0, 0)
        return Space(self.transform, times(matrix_of(form), self.matrix), window)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of these coordinates as it is seen."""
        corners = [
            self.transform.point(*applied(self.matrix, x, y))
            for x in (left, right)
            for y in (bottom, top)
        ]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))


def extent_of(thing: Any, space: Space) -> Box:
    """Return the bounds of an object, which may reach beyond the page and its clip."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdf.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return space.box(left.value, bottom.value, right.value, top.value)


def seen(extent: Box, thing: Any, space: Space) -> Box | None:
    """Return the part of an object's extent that can be seen."""
    visible = shared(extent, space.window)
    if visible and max(visible.width, visible.height) > MIN_CLIPPED_SIDE:
        return shared(visible, _clip(thing, space))
    return visible


def shared(one: Box, other: Box) -> Box | None:
    """Return what two boxes share, be it a line; None where they are apart."""
    x0, top = max(one.x0, other.x0), max(one.top, other.top)
    x1, bottom = min(one.x1, other.x1), min(one.bottom, other.bottom)
    return Box(x0, top, x1, bottom) if x0 <= x1 and top <= bottom else None


def _clip(thing: Any, space: Space) -> Box:
    """The bounds of an object's clip, or the window where it has none or an intricate one."""
    clip = pdf.FPDFPageObj_GetClipPath(thing)
    window = space.window
    for index in range(max(pdf.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
        count = pdf.FPDFClipPath_CountPathSegments(clip, index)
        if 2 < count <= MAX_CLIP_POINTS:
            points = _points(clip, index, count)
            hull = around(space.box(x, y, x, y) for x, y in points)
            window = shared(window, hull) or Box(hull.x0, hull.top, hull.x0, hull.top)
    return window


def _points(clip: Any, index: int, count: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        segment = pdf.FPDFClipPath_GetPathSegment(clip, index, number)
        pdf.FPDFPathSegment_GetPoint(segment, x, y)
        yield x.value, y.value


def matrix_of(thing: Any) -> Matrix:
    """Return the matrix of an object."""
    found = pdf.FS_MATRIX()
    pdf.FPDFPageObj_GetMatrix(thing, found)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def times(m: Matrix, n: Matrix) -> Matrix:
    """Return the matrix that does first `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def applied(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a matrix puts a point."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
