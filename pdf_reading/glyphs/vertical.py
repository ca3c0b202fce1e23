"""Vertical Chinese: characters below each other, columns from right to left.

A vertical page is laid on its side, a quarter turn to the left: then its columns are lines from
top to bottom, and everything that reads lines can read it. Places are turned back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.glyphs.page import Glyph, Page
from pdf_reading.issue_text import Figure, Place, SectionText

ENOUGH = 20  # pairs of characters, before they prove anything
DESCENT = 0.38  # of the size: from the middle of a character down to the baseline


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether most Chinese characters stand below the one before."""
    down = along = 0
    for last, glyph in pairwise(glyphs):
        if not has_ideographs(last.text + glyph.text):
            continue
        right, below = abs(glyph.x0 - last.x0), glyph.top - last.top
        down += right < 0.4 * glyph.size and 0.5 * glyph.size < below < 2 * glyph.size
        along += abs(below) < 0.4 * glyph.size
    return down >= ENOUGH and down > 2 * along


def laid(page: Page) -> Page:
    """The page on its side."""
    width = page.width
    return replace(
        page,
        width=page.height,
        height=width,
        glyphs=[_laid_glyph(glyph, width=width) for glyph in page.glyphs],
        rules=[_laid(box, width=width) for box in page.rules],
        frames=[_laid(box, width=width) for box in page.frames],
        shapes=[_laid(box, width=width) for box in page.shapes],
        pictures=[_laid(box, width=width) for box in page.pictures],
        anchors=[one._replace(box=_laid(one.box, width=width)) for one in page.anchors],
        vertical=True,
    )


def upright(box: Box, *, width: float) -> Box:
    """A rectangle of a page that was laid on its side, as it stands; `width` is that of the page
    as it is seen."""
    return Box(width - box.bottom, box.x0, width - box.top, box.x1)


def stood(section: SectionText, *, widths: Mapping[int, float]) -> SectionText:
    """The section with its places turned back; `widths` of the pages that lay on their side."""
    articles = tuple(
        replace(
            article,
            places=tuple(_stood(place, widths) for place in article.places),
            passages=tuple(
                replace(one, place=_stood(one.place, widths)) if isinstance(one, Figure) else one
                for one in article.passages
            ),
        )
        for article in section.articles
    )
    return replace(section, articles=articles)


def _stood(place: Place, widths: Mapping[int, float]) -> Place:
    if place.page not in widths:
        return place
    box = Box(place.x0, place.top, place.x1, place.bottom)
    return Place(place.page, *upright(box, width=widths[place.page]))


def _laid(box: Box, *, width: float) -> Box:
    return Box(box.top, width - box.x1, box.bottom, width - box.x0)


def _laid_glyph(glyph: Glyph, *, width: float) -> Glyph:
    """Loose boxes of glyphs differ in width: the middle of a column is the same for all."""
    box = _laid(glyph.box, width=width)
    middle = (box.top + box.bottom) / 2
    return glyph._replace(
        x0=box.x0,
        x1=box.x1,
        top=middle - glyph.size / 2,
        bottom=middle + glyph.size / 2,
        baseline=round(middle + DESCENT * glyph.size, 1),
    )
