"""Vertical Chinese: characters below each other, columns from right to left.

A vertical page is rotated by a quarter turn to the left, so that its columns are lines from top to
bottom and all stages can read it. Places are rotated back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.glyphs.page import Glyph, Page
from pdf_reading.issue_text import Figure, Place, SectionText

MIN_PAIRS = 20  # of characters; fewer prove nothing
DESCENT = 0.38  # of the size: from the middle of a character down to the baseline


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Return whether most Chinese characters stand below the one before."""
    if not has_ideographs("".join([glyph.text for glyph in glyphs])):
        return False
    down = along = 0
    for last, glyph in pairwise(glyphs):
        if not has_ideographs(last.text + glyph.text):
            continue
        right, below = abs(glyph.x0 - last.x0), glyph.top - last.top
        down += right < 0.4 * glyph.size and 0.5 * glyph.size < below < 2 * glyph.size
        along += abs(below) < 0.4 * glyph.size
    return down >= MIN_PAIRS and down > 2 * along


def rotated(page: Page) -> Page:
    """The page rotated to the left."""
    width = page.width
    return replace(
        page,
        width=page.height,
        height=width,
        glyphs=[_rotated_glyph(glyph, width=width) for glyph in page.glyphs],
        rules=[_rotated(box, width=width) for box in page.rules],
        frames=[_rotated(box, width=width) for box in page.frames],
        shapes=[_rotated(box, width=width) for box in page.shapes],
        pictures=[_rotated(box, width=width) for box in page.pictures],
        anchors=[one._replace(box=_rotated(one.box, width=width)) for one in page.anchors],
        vertical=True,
    )


def rotated_back(box: Box, *, width: float) -> Box:
    """A rectangle of a rotated page as it is seen; `width` is that of the page as it is seen."""
    return Box(width - box.bottom, box.x0, width - box.top, box.x1)


def with_places_rotated_back(section: SectionText, *, widths: Mapping[int, float]) -> SectionText:
    """The section with its places rotated back; `widths` are those of the rotated pages."""
    articles = tuple(
        structs.replace(
            article,
            places=tuple(place_rotated_back(place, widths) for place in article.places),
            passages=tuple(
                structs.replace(one, place=place_rotated_back(one.place, widths))
                if isinstance(one, Figure)
                else one
                for one in article.passages
            ),
        )
        for article in section.articles
    )
    return structs.replace(section, articles=articles)


def place_rotated_back(place: Place, widths: Mapping[int, float]) -> Place:
    """The place as it is seen, if it is on a rotated page; `widths` are those of these."""
    if place.page not in widths:
        return place
    box = Box(place.x0, place.top, place.x1, place.bottom)
    return Place(place.page, *rotated_back(box, width=widths[place.page]))


def _rotated(box: Box, *, width: float) -> Box:
    return Box(box.top, width - box.x1, box.bottom, width - box.x0)


def _rotated_glyph(glyph: Glyph, *, width: float) -> Glyph:
    """Loose boxes of glyphs differ in width: the middle of a column is the same for all."""
    box = _rotated(glyph.box, width=width)
    middle = (box.top + box.bottom) / 2
    return glyph._replace(
        x0=box.x0,
        x1=box.x1,
        top=middle - glyph.size / 2,
        bottom=middle + glyph.size / 2,
        baseline=round(middle + DESCENT * glyph.size, 1),
    )
