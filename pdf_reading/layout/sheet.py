"""A sheet: one page as lines, its rows, and what type most of a text is printed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pdf_reading.account import Destination
from pdf_reading.glyphs.geometry import Box
from pdf_reading.layout.lines import Face, Line


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as lines.

    `vertical`: it was rotated. `rules` are the horizontal rules between its parts,
    `frames` the rectangles that may hold text. Of its `characters`, some are `omitted` from the
    lines; `rotated_texts` are words of the first page that lean.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    vertical: bool = False
    rules: tuple[Box, ...] = ()
    frames: tuple[Box, ...] = ()
    characters: int = 0
    omitted: Mapping[Destination, int] = field(default_factory=dict)
    rotated_texts: tuple[str, ...] = ()


def rows_of(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of a page from top to bottom, those on one baseline together; no insets."""
    rows: list[list[Line]] = []
    for line in sorted((x for x in lines if not x.inset), key=lambda one: one.baseline):
        if rows and line.baseline - rows[-1][0].baseline < 0.4 * line.face.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def body_face(sheets: Sequence[Sheet]) -> Face:
    """The face that most of the text is printed in."""
    weights: Counter[Face] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            weights[line.face] += len(line.text)
    return weights.most_common(1)[0][0]


def leading_of(sheets: Sequence[Sheet], *, body: Face) -> float:
    """Return how far apart lines of the text stand, in points: the usual distance of neighbours."""
    gaps = Counter(
        round(below.baseline - above.baseline)
        for sheet in sheets
        for above, below in pairwise(row[0] for row in rows_of(sheet.lines))
        if above.face == below.face == body
    )
    return gaps.most_common(1)[0][0] if gaps else 0.0
