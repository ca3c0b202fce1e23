"""The rims of figures: a line of text that begins in one, as pictures reach a little beyond what
they show, stands beside it; so does the rest of a label that ends outside stand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Glyph
from pdf_reading.layout.cells import inside
from pdf_reading.layout.spacing import BREAK_GAP


def outside(glyphs: Sequence[Glyph], figures: Sequence[Box], *, text: Sequence[Box]) -> list[Glyph]:
    """The glyphs outside of all figures, and the lines of `text` over them; those of one line go
    where most of them are."""
    if not figures:
        return list(glyphs)
    inner = {id(glyph) for box in figures for glyph in inside(glyphs, box)}
    inner -= {id(glyph) for box in text for glyph in inside(glyphs, box)}
    within = [id(glyph) in inner for glyph in glyphs]
    if any(within):
        for piece in _pieces_at_rims(glyphs, within):
            mostly = 2 * sum(within[index] for index in piece) > len(piece)
            for index in piece:
                within[index] = mostly
    return [glyph for glyph, is_in in zip(glyphs, within, strict=True) if not is_in]


def _pieces_at_rims(glyphs: Sequence[Glyph], within: Sequence[bool]) -> Iterator[list[int]]:
    """The glyphs of each piece of a line that stands partly in a figure, by index."""
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for index, glyph in enumerate(glyphs):
        rows[round(glyph.baseline)].append(index)
    for row in rows.values():
        if any(within[index] for index in row):
            for piece in _pieces(glyphs, row):
                if len({within[index] for index in piece}) > 1:
                    yield piece


def _pieces(glyphs: Sequence[Glyph], row: list[int]) -> list[list[int]]:
    pieces: list[list[int]] = []
    end = 0.0
    for index in sorted(row, key=lambda one: glyphs[one].x0):
        glyph = glyphs[index]
        if pieces and glyph.x0 - end < BREAK_GAP * glyph.size:
            pieces[-1].append(index)
        else:
            pieces.append([index])
        end = max(end, glyph.x1) if not glyph.text.isspace() else end
    return pieces
