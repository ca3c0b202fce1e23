"""The content of one page: glyphs, drawings, pictures, anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pdf_reading.account import Destination
from pdf_reading.glyphs.geometry import Box


@dataclass(frozen=True, slots=True)
class Font:
    """`family` is the name without its subset tag and without the words for its weight."""

    family: str
    bold: bool


class Glyph(NamedTuple):
    """One printed character. `size` is the size that the eye sees, in points.

    `tag` is the level of the heading that a tagged PDF puts the glyph in: 1 to 6, 0 for none.
    `ink` is its colour as 0xRRGGBB.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    font: Font
    tag: int = 0
    ink: int = 0

    @property
    def box(self) -> Box:
        return Box(self.x0, self.top, self.x1, self.bottom)


class Anchor(NamedTuple):
    """A link annotation: the address that it opens, or the page (0 for none)."""

    box: Box
    url: str
    page: int


class Bookmark(NamedTuple):
    """An entry of the outline. `level` counts from 0; `page` is 0 when it has none."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is seen.

    `rules` are thin lines, `frames` rectangles, `shapes` all other drawings, `pictures` images.

    `vertical` says that the page was rotated, so that its columns are lines.
    `unreadable` counts the glyphs whose font does not say which characters they are. `omitted`
    are the characters that are printed and not among the glyphs; `rotated_texts` the words of the
    first page that lean.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    shapes: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    unreadable: int = 0
    vertical: bool = False
    omitted: Mapping[Destination, int] = field(default_factory=dict)
    rotated_texts: tuple[str, ...] = ()
