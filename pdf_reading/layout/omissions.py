"""The glyphs of a page that stand in none of its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pdf_reading.account import Counts, Destination
from pdf_reading.glyphs.letters import letters_of
from pdf_reading.glyphs.page import Glyph
from pdf_reading.layout.lines import Line, printed_twice, rows_of_glyphs


def omissions(glyphs: Sequence[Glyph], lines: Iterable[Line]) -> Counts:
    """Count the characters of glyphs that are in no line: printed twice, or lost."""
    missing = letters_of([glyph.text for glyph in glyphs]) - letters_of(map(text_in, lines))
    if not missing:
        return {}
    repeated = (missing & letters_of(_printed_again(glyphs))).total()
    return {Destination.REPEATED: repeated, Destination.LOST: missing.total() - repeated}


def hold_all(texts: Iterable[str], glyphs: Sequence[Glyph]) -> bool:
    """Return whether texts have each glyph once, and no more."""
    held, printed = letters_of(texts), letters_of([glyph.text for glyph in glyphs])
    missing = printed - held
    return not held - printed and not (missing and missing - letters_of(_printed_again(glyphs)))


def text_in(line: Line) -> str:
    """All that is printed in a line: its words, or those of its inset."""
    return line.inset.text if line.inset else line.text


def words_of(line: Line) -> tuple[Line, ...]:
    """The lines in a figure; any other line by itself."""
    return (line.inset.words if line.inset else ()) or (line,)


def _printed_again(glyphs: Sequence[Glyph]) -> list[str]:
    """The texts of glyphs that are printed again a little to the right, for boldness, or that were
    raised and stand behind themselves on the row of their line."""
    alike: dict[str, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        alike[glyph.text].append(glyph)
    return [
        one.text
        for here in alike.values()
        for row in rows_of_glyphs(here)
        for one, other in pairwise(sorted(row, key=lambda glyph: glyph.x0))
        if printed_twice(one, other)
    ]
