"""Lines, rectangles, drawings and images of a page, through pypdfium2's raw objects."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdf

from pdf_reading.glyphs.extents import Space, applied, extent_of, matrix_of, seen, shared, times
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.invisible_text import MIN_FILL_SIDE, Fill, Grounds
from pdf_reading.glyphs.page_transform import PageTransform
from pdf_reading.glyphs.paint import paint_of

THIN = 2.0  # points; Word's table borders are filled rectangles of 0.5 to 1.5
MAX_OBJECTS = 20_000
MAX_DEPTH = 5

_Drawings = tuple[list[Box], list[Box], list[Box], Grounds]


def drawings(page: Any, *, transform: PageTransform) -> _Drawings:
    """Return rules (thin), frames (rectangles) and shapes (other paths) as they are seen, and the
    grounds on which text stands."""
    rules: list[Box] = []
    frames: list[Box] = []
    shapes: list[Box] = []
    grounds = Grounds(transform.width, transform.height)
    for order, (thing, kind, space) in enumerate(_objects(page, Space.of(transform))):
        if kind == pdf.FPDF_PAGEOBJ_TEXT:
            grounds.order[ctypes.addressof(thing.contents)] = order
        elif kind in {pdf.FPDF_PAGEOBJ_IMAGE, pdf.FPDF_PAGEOBJ_SHADING}:
            if picture := seen(extent_of(thing, space), thing, space):
                grounds.pictures.append(picture)
        elif kind == pdf.FPDF_PAGEOBJ_PATH:
            _sort_path(thing, space, into=(rules, frames, shapes))
            if fill := _fill(thing, order, space):
                grounds.fills.append(fill)
    return rules, frames, shapes, grounds


def _fill(thing: Any, order: int, space: Space) -> Fill | None:
    """The area that a path colours, if text has room on it."""
    stroke, fill = ctypes.c_int(), ctypes.c_int()
    if not pdf.FPDFPath_GetDrawMode(thing, fill, stroke) or not fill.value:
        return None
    box = seen(extent_of(thing, space), thing, space)
    if not box or min(box.width, box.height) < MIN_FILL_SIDE:
        return None
    paint = paint_of(thing)
    return Fill(order, box, paint.ink) if paint else None


def _objects(page: Any, whole: Space) -> Iterator[tuple[Any, int, Space]]:
    """Objects of the page and of its forms in the order in which they are drawn, each with the
    space of its form."""
    count = min(pdf.FPDFPage_CountObjects(page), MAX_OBJECTS)
    waiting: list[tuple[Any, Space, int]] = [
        (pdf.FPDFPage_GetObject(page, index), whole, 0) for index in reversed(range(count))
    ]
    seen = 0
    while waiting and (seen := seen + 1) < MAX_OBJECTS:
        thing, space, depth = waiting.pop()
        kind = pdf.FPDFPageObj_GetType(thing)
        if kind == pdf.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = space.within(thing)
            parts = min(pdf.FPDFFormObj_CountObjects(thing), MAX_OBJECTS)
            waiting.extend(
                (pdf.FPDFFormObj_GetObject(thing, index), inner, depth + 1)
                for index in reversed(range(parts))
            )
        else:
            yield thing, kind, space


def _sort_path(thing: Any, space: Space, *, into: tuple[list[Box], list[Box], list[Box]]) -> None:
    rules, frames, shapes = into
    stroke, fill = ctypes.c_int(), ctypes.c_int()
    if not pdf.FPDFPath_GetDrawMode(thing, fill, stroke) or not (fill.value or stroke.value):
        return
    extent = extent_of(thing, space)
    box = seen(extent, thing, space)
    if box is None:
        return
    if min(box.width, box.height) <= THIN:
        rules.append(box)
        return
    corners = _corners(thing, space)
    if corners is None:
        shapes.append(box)
    elif len(corners) > 2 and _is_rectangle(corners, extent):
        frames.append(box)
        if stroke.value:
            rules.extend(_sides(box))
    else:
        pieces = (shared(piece, box) for piece in corners_to_rules(corners))
        rules.extend(piece for piece in pieces if piece)


def corners_to_rules(corners: list[tuple[float, float, bool]]) -> list[Box]:
    """The straight pieces of a path of upright lines, each as a thin box."""
    pieces = []
    for (xa, ya, _), (xb, yb, joined) in itertools.pairwise(corners):
        if joined:
            pieces.append(Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)))
    return pieces


def _corners(thing: Any, space: Space) -> list[tuple[float, float, bool]] | None:
    """The points of a path of upright lines, and whether a line leads to each; else None."""
    matrix = times(matrix_of(thing), space.matrix)
    count = pdf.FPDFPath_CountSegments(thing)
    if not 2 <= count <= 400:
        return None
    points: list[tuple[float, float, bool]] = []
    for index in range(count):
        segment = pdf.FPDFPath_GetPathSegment(thing, index)
        kind = pdf.FPDFPathSegment_GetType(segment)
        if kind == pdf.FPDF_SEGMENT_BEZIERTO:
            return None
        x, y = ctypes.c_float(), ctypes.c_float()
        pdf.FPDFPathSegment_GetPoint(segment, x, y)
        point = space.transform.point(*applied(matrix, x.value, y.value))
        line = kind == pdf.FPDF_SEGMENT_LINETO
        if line and min(abs(point[0] - points[-1][0]), abs(point[1] - points[-1][1])) > 1:
            return None
        points.append((*point, line))
    return points


def _is_rectangle(corners: list[tuple[float, float, bool]], box: Box) -> bool:
    on_side = all(
        min(abs(x - box.x0), abs(x - box.x1)) < THIN
        and min(abs(y - box.top), abs(y - box.bottom)) < THIN
        for x, y, _ in corners
    )
    return on_side and sum(not line for _, _, line in corners) == 1


def _sides(box: Box) -> list[Box]:
    return [
        Box(box.x0, box.top, box.x1, box.top),
        Box(box.x0, box.bottom, box.x1, box.bottom),
        Box(box.x0, box.top, box.x0, box.bottom),
        Box(box.x1, box.top, box.x1, box.bottom),
    ]
