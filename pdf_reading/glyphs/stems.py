"""The weight of fonts without a name, by how thick their strokes are on a picture of the page.

Programs that print through Skia, browsers above all, set Chinese in Type 3 fonts (ISO 32000-1,
9.6.5), which have no name and no flags: what is bold is seen by its strokes alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from PIL import Image, ImageChops, ImageStat

from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.glyphs.page import Font, Glyph

SCALE = 3  # pixels a point: a stroke of text is two or three wide
BOLD = 0.085  # of the size; faces of even strokes have 0.06 to 0.07, their bold 0.095 to 0.11
MAX_SAMPLES = 4  # of each font
MIN_CONTRAST = 40  # of 255
MIN_INK = 0.1  # of a glyph's box
LEVEL = "一二三"  # thin strokes alone, in any weight
MAX_PIXELS = 30_000_000  # of a picture
Render = Callable[[float], Image.Image]  # a page, at a scale in pixels a point


def weighed(glyphs: list[Glyph], *, area: float, picture: Render) -> list[Glyph]:
    """Return the glyphs of a page, those without a named font with the weight of most beside them;
    those of a page with an `area` in square points beyond a newspaper's stay as they are.

    Costs the `picture`, some 50 ms, where a page has such fonts. They are told apart by their
    identity, and by page: pdfium forgets a page's fonts with the page.
    """
    by_font: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if not glyph.font.family and has_ideographs(glyph.text) and glyph.text not in LEVEL:
            by_font[id(glyph.font)].append(glyph)
    if not by_font or area * SCALE**2 > MAX_PIXELS:
        return glyphs
    page = picture(SCALE).convert("L")
    bold = {
        font: median(strokes) > BOLD
        for font, same in by_font.items()
        if (strokes := _strokes(same[:MAX_SAMPLES], page))
    }
    if not any(bold.values()):
        return glyphs
    return list(_as_most(glyphs, bold))


def _as_most(glyphs: Sequence[Glyph], bold: Mapping[int, bool]) -> Iterator[Glyph]:
    """The glyphs, bold where most of their piece are."""
    above: Glyph | None = None
    for piece in _pieces(glyphs):
        if piece[0].font.family:
            yield from piece
            continue
        heavy = _is_heavy(piece, bold, above=above)
        whole = [one._replace(font=Font("", bold=True)) for one in piece] if heavy else piece
        yield from whole
        above = whole[-1]


def _is_heavy(piece: Sequence[Glyph], bold: Mapping[int, bool], *, above: Glyph | None) -> bool:
    """Whether most of a piece is bold; one that says nothing, as figures do not, is like the piece
    above of its size and colour."""
    if known := [bold[id(one.font)] for one in piece if id(one.font) in bold]:
        return 2 * sum(known) > len(known)
    if above is None or (above.size, above.ink) != (piece[0].size, piece[0].ink):
        return False
    return above.font.bold


def _pieces(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs in runs that stand side by side, with a named font or without."""
    piece: list[Glyph] = []
    for glyph in glyphs:
        if piece and not _goes_on(piece[-1], glyph):
            yield piece
            piece = []
        piece.append(glyph)
    if piece:
        yield piece


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    alike = last.baseline == glyph.baseline and last.size == glyph.size and last.ink == glyph.ink
    named = bool(last.font.family), bool(glyph.font.family)
    return alike and named[0] == named[1] and abs(glyph.x0 - last.x1) < glyph.size


def _strokes(samples: Sequence[Glyph], page: Image.Image) -> list[float]:
    return [width for glyph in samples if (width := _stroke_of(glyph, page)) is not None]


def _stroke_of(glyph: Glyph, page: Image.Image) -> float | None:
    """How wide the strokes of a glyph are, relative to its size: twice its area by its outline.
    None where it is too pale, or has too little ink to tell."""
    x0, top, x1, bottom = (round(side * SCALE) for side in glyph[1:5])
    part = page.crop((x0 - 1, top - 1, x1 + 1, bottom + 1))
    levels = part.histogram()
    ground = max(range(256), key=levels.__getitem__)
    ink = ImageChops.difference(part, Image.new("L", part.size, ground))
    width, height = ink.size
    darkest = float(ink.getextrema()[1])  # type: ignore[arg-type] # of one channel: two numbers
    area = _sum(ink)
    if darkest < MIN_CONTRAST or area < MIN_INK * darkest * width * height:
        return None
    outline = _sum(_steps(ink, 1, 0)) + _sum(_steps(ink, 0, 1))
    return 2 * area / outline / (glyph.size * SCALE)


def _steps(ink: Image.Image, x: int, y: int) -> Image.Image:
    """How much each pixel differs from the one at its right, or below it."""
    width, height = ink.size
    moved = ink.crop((x, y, width, height))
    return ImageChops.difference(moved, ink.crop((0, 0, width - x, height - y)))


def _sum(picture: Image.Image) -> float:
    return float(ImageStat.Stat(picture).sum[0])
