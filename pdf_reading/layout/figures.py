"""Figures: images, and drawings that belong together, with the text printed in them."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.glyphs.geometry import Box, around, clusters
from pdf_reading.glyphs.page import Page
from pdf_reading.layout.lines import Inset, Line
from pdf_reading.lexicon import is_caption, is_source

MIN_SIDES = (40.0, 28.0)  # points: below this it is an icon or a decoration
MAX_PARTS = 800
LABEL_GAP = 30.0
MAX_LABEL_LENGTH = 10  # characters
LABEL_WIDTH = 0.4  # of the figure


def figures_of(page: Page, *, tables: Sequence[Inset]) -> list[Box]:
    """The boxes of the figures of a page. Backgrounds, rules and frames around prose are none."""
    taken = [table.box for table in tables]
    parts = [*page.pictures, *_drawn(page)]
    free = [
        box
        for box in parts[:MAX_PARTS]
        if not _is_background(box, page) and not any(table.holds(box, slack=3) for table in taken)
    ]
    groups = [members for members in clusters(free, slack=6) if _is_drawing(members, page)]
    hulls = [around([*members, *_grid_lines(members, free)]) for members in groups]
    return [hull for hull in hulls if _is_large(hull) and not _holds_prose(hull, page)]


def with_labels(figure: Box, lines: Sequence[Line], *, size: float) -> Box:
    """The figure together with the small type at its rim: the labels of its axes."""
    captions = [line.box for line in lines if is_caption(line.text)]
    small = [
        line.box
        for line in lines
        if line.face.size < 0.93 * size
        and (len(line.text) <= MAX_LABEL_LENGTH or line.box.width < LABEL_WIDTH * figure.width)
        and not any(_is_part_of(line.box, caption, size=size) for caption in captions)
        and not is_source(line.text)
    ]
    whole = figure
    for _ in range(3):  # the title of an axis stands outside its numbers
        whole = around([whole, *(box for box in small if whole.holds(box, slack=LABEL_GAP))])
    return whole


def _is_part_of(line: Box, caption: Box, *, size: float) -> bool:
    """Whether a line is the caption's first, or goes on with it below."""
    below = -2 < line.top - caption.top < caption.height + 1.5 * size
    return below and line.shared_width(caption) > 0


def _grid_lines(members: Sequence[Box], free: Sequence[Box]) -> list[Box]:
    """Lines of a chart's grid that its curve does not reach: as wide as one that it does."""
    hull = around(members)
    return [
        line
        for line in free
        if line.height < 2
        and any(m.height < 2 and abs(m.x0 - line.x0) + abs(m.x1 - line.x1) < 2 for m in members)
        and hull.touches(line, slack=max(30.0, hull.height))
    ]


def _drawn(page: Page) -> list[Box]:
    if not page.shapes and len(page.frames) < 3:
        return []
    return [*page.shapes, *page.frames, *page.rules]


def _is_drawing(members: Sequence[Box], page: Page) -> bool:
    """Images always; else something drawn that is more than a box or an underline."""
    here = set(members)
    if here & set(page.pictures):
        return True
    drawn = len(here & set(page.shapes))
    return drawn >= 2 or (drawn and len(here) >= 3) or len(here & set(page.frames)) >= 4


def _is_large(box: Box) -> bool:
    return box.width >= MIN_SIDES[0] and box.height >= MIN_SIDES[1]


def _is_background(box: Box, page: Page) -> bool:
    return box.width > 0.85 * page.width and box.height > 0.6 * page.height


def _holds_prose(hull: Box, page: Page) -> bool:
    """Running text fills its box; the labels of a chart do not."""
    inside = [glyph for glyph in page.glyphs if hull.holds(glyph.box)]
    covered = sum((g.x1 - g.x0) * g.size for g in inside)
    return len(inside) > 60 and covered > 0.25 * hull.width * hull.height
