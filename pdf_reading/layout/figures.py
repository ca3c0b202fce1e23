"""Figures: images, and drawings that belong together, with the text printed in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.geometry import Box, around, clusters
from pdf_reading.glyphs.page import Glyph, Page
from pdf_reading.layout.cells import inside
from pdf_reading.layout.lines import Inset, Line, lines_of
from pdf_reading.layout.prose import length_of, prose_of
from pdf_reading.lexicon import is_caption, is_source

MIN_SIDES = (40.0, 28.0)  # points: below this it is an icon or a decoration
MAX_PARTS = 800
LABEL_GAP = 30.0
RIM = 6.0  # points that the letters beside a picture may reach into it
MAX_LABEL_LENGTH = 10  # characters
LABEL_WIDTH = 0.4  # of the figure
THIN = 2.0  # points
LONG_RULE = 0.5  # of a group's width or height: such a rule parts the page
WIDE = 0.5  # of the page
DISPLAY = 1.25  # of the usual size
MAX_LABELS = 3  # short lines: with more, large type is the title of a chart
MAX_COVERED = 0.15  # of a picture, by text
MAX_PICTURE_SHARE = 0.5  # of the page


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: its place, and where lines of text stand over it that are none of its labels."""

    box: Box
    text: tuple[Box, ...] = ()


def figures_of(page: Page, *, tables: Sequence[Inset]) -> list[Drawing]:
    """The figures of a page. Grounds of text, rules and frames around text are none."""
    taken = [table.box for table in tables]
    parts = [*page.pictures, *_drawn(page)]
    free = [
        box
        for box in parts[:MAX_PARTS]
        if not _is_background(box, page) and not any(table.holds(box, slack=3) for table in taken)
    ]
    return list(_drawings(free, page, size=usual_size(page.glyphs)))


def _drawings(parts: Sequence[Box], page: Page, *, size: float) -> Iterator[Drawing]:
    """The drawings among some parts; a group that text stands in is looked at again without what
    the text stands on, and without what joins the rest to it."""
    for members in clusters(parts, slack=6):
        hull = around([*members, *_grid_lines(members, parts)])
        if not _is_large(hull) or not _is_drawing(members, page):
            continue
        text = text_over(hull, page, size=size)
        if not text:
            yield Drawing(hull)
        elif rest := _without_grounds(members, text, page):
            yield from _drawings(rest, page, size=size)
        elif len(members) == 1 and _is_picture_of(hull, text, page):
            yield Drawing(hull, tuple(text))


def _without_grounds(members: Sequence[Box], text: Sequence[Box], page: Page) -> list[Box]:
    """The parts of a drawing on which no text stands, without long rules; where none hold text,
    its pictures; nothing if that would leave out none."""
    whole = around(members)
    rest = [
        one
        for one in members
        if not any(one.holds(line) for line in text)
        and not (one.height < THIN and one.width > LONG_RULE * whole.width)
        and not (one.width < THIN and one.height > LONG_RULE * whole.height)
    ]
    if len(rest) == len(members):
        pictures = set(page.pictures)
        rest = [one for one in members if one in pictures]
    return rest if len(rest) < len(members) else []


def _is_picture_of(picture: Box, text: Sequence[Box], page: Page) -> bool:
    """Whether a picture shows something although text stands on it, and is no ground."""
    covered = sum(line.area for line in text)
    return (
        covered < MAX_COVERED * picture.area
        and picture.area < MAX_PICTURE_SHARE * page.width * page.height
    )


def text_over(hull: Box, page: Page, *, size: float) -> list[Box]:
    """The lines inside a drawing that are text: prose, and display type over a wide one without
    labels. `size` is the usual one of the page."""
    glyphs = inside(page.glyphs, hull)
    lines = lines_of(page.number, glyphs, ()) if glyphs else []
    if _is_filled(glyphs, hull):
        return [line.box for line in lines]
    prose = prose_of(lines, size=size)
    labels = sum(length_of(line.text) <= MAX_LABEL_LENGTH for line in lines)
    if hull.width > WIDE * page.width and labels <= MAX_LABELS:
        prose += [line for line in lines if _is_display(line, size=size)]
    return [line.box for line in prose]


def _is_display(line: Line, *, size: float) -> bool:
    return line.face.size > DISPLAY * size and length_of(line.text) > MAX_LABEL_LENGTH


def usual_size(glyphs: Sequence[Glyph]) -> float:
    """The size of type that half of the glyphs have at most; 0 where there are none."""
    sizes = sorted(glyph.size for glyph in glyphs)
    return sizes[len(sizes) // 2] if sizes else 0.0


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
    level = [member for member in members if member.height < THIN]
    if not level:
        return []
    hull = around(members)
    reach = max(30.0, hull.height)
    return [
        line
        for line in free
        if line.height < THIN
        and hull.touches(line, slack=reach)
        and any(abs(one.x0 - line.x0) + abs(one.x1 - line.x1) < 2 for one in level)
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
    if drawn == 1 and _is_lone_shape(members, page):
        return True
    return drawn >= 2 or (drawn and len(here) >= 3) or len(here & set(page.frames)) >= 4


def _is_lone_shape(members: Sequence[Box], page: Page) -> bool:
    """A shape on a ground of its own, on which nothing is written."""
    hull, shapes = around(members), set(page.shapes)
    shape = next(one for one in members if one in shapes)
    on_ground = any(one.holds(shape) and one.area > shape.area for one in members)
    core = Box(hull.x0 + RIM, hull.top, hull.x1 - RIM, hull.bottom)
    return on_ground and shape.area > 0.2 * hull.area and not inside(page.glyphs, core)


def _is_large(box: Box) -> bool:
    return box.width >= MIN_SIDES[0] and box.height >= MIN_SIDES[1]


def _is_background(box: Box, page: Page) -> bool:
    return box.width > 0.85 * page.width and box.height > 0.6 * page.height


def _is_filled(glyphs: Sequence[Glyph], hull: Box) -> bool:
    """Whether text fills a box as running text does; the labels of a chart do not."""
    if len(glyphs) <= 60:
        return False
    return sum((glyph.x1 - glyph.x0) * glyph.size for glyph in glyphs) > 0.25 * hull.area
