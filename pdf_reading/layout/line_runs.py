"""Runs: lines set closely below each other, and the columns in which runs stand.

Runs are parted where nothing crosses: into bands from top to bottom, a band into columns from
left to right. Bands with the same gutter are read as one, unless a rule or a head lies between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.lines import Line
from pdf_reading.layout.neighbours import neighbours_of
from pdf_reading.layout.prose import length_of

MIN_COLUMN_LENGTH = 24  # letters of a run
GUTTER = 0.3  # sizes: lines that stand closer are one line
CAPTION_GAP = 1.6  # sizes
HEAD = 1.25  # of the usual size
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Run:
    """Lines below each other, or a figure or table with its caption."""

    lines: tuple[Line, ...]
    box: Box


def parted_by_runs(lines: Sequence[Line], *, rules: Sequence[Box]) -> list[list[Line]]:
    """The lines of a page as columns in order of reading, as their runs stand."""
    size = median(line.face.size for line in lines)
    columns = _columns(runs_of(lines), rules, size=size, depth=0)
    return [[line for run in column for line in run.lines] for column in columns]


def runs_of(lines: Sequence[Line]) -> list[Run]:
    """The runs of a page in no promised order."""
    below: dict[int, Line] = {}
    taken: set[int] = set()
    for line, other in (*_captioned(lines), *neighbours_of(lines)):
        if id(line) not in below and id(other) not in taken:
            below[id(line)] = other
            taken.add(id(other))
    return [_run(line, below) for line in lines if id(line) not in taken]


def _run(first: Line, below: dict[int, Line]) -> Run:
    lines = [first]
    while other := below.get(id(lines[-1])):
        lines.append(other)
    return Run(tuple(lines), around(line.box for line in lines))


def _captioned(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Insets with the line that stands close below each, no wider than it."""
    texts = [line for line in lines if not line.inset]
    for inset in (line for line in lines if line.inset):
        reach = Box(inset.box.x0, inset.box.bottom, inset.box.x1, inset.box.bottom)
        under = [
            line
            for line in texts
            if -2 < line.box.top - reach.top < CAPTION_GAP * line.face.size
            and line.box.shared_width(reach) > 0.9 * line.box.width
        ]
        if under:
            yield inset, min(under, key=lambda line: line.box.top)


def _columns(
    runs: Sequence[Run], rules: Sequence[Box], *, size: float, depth: int
) -> list[list[Run]]:
    bands = _bands(runs, rules, size=size)
    parts = bands if len(bands) > 1 else _sides(runs, size=size)
    if len(parts) == 1 or depth == MAX_DEPTH:
        return [sorted(runs, key=lambda run: (run.box.top, run.box.x0))]
    found: list[list[Run]] = []
    whole = False  # whether the last band was one column
    for part in parts:
        columns = _columns(part, rules, size=size, depth=depth + 1)
        if whole and len(bands) > 1 and len(columns) == 1:
            found[-1] += columns[0]
        else:
            found += columns
        whole = len(columns) == 1
    return found


def _bands(runs: Sequence[Run], rules: Sequence[Box], *, size: float) -> list[list[Run]]:
    """The runs from top to bottom, parted where none stands and the gutters change."""
    bands: list[list[Run]] = []
    lowest = 0.0
    for run in sorted(runs, key=lambda one: one.box.top):
        if bands and run.box.top < lowest - 0.3 * size:
            bands[-1].append(run)
        else:
            bands.append([run])
        lowest = max(lowest, run.box.bottom)
    joined = bands[:1]
    for band in bands[1:]:
        if _go_on(joined[-1], band, rules, size=size):
            joined[-1] = joined[-1] + band
        else:
            joined.append(band)
    return joined


def _go_on(
    upper: Sequence[Run], lower: Sequence[Run], rules: Sequence[Box], *, size: float
) -> bool:
    """Whether the columns of one band go on in the next."""
    above, below = (around(run.box for run in band) for band in (upper, lower))
    if any(
        above.bottom - size < rule.top < below.top + size and rule.width > 0.6 * below.width
        for rule in rules
    ):
        return False
    if any(len(band) == 1 and _is_head(band[0], size=size) for band in (upper, lower)):
        return False
    sides = _sides([*upper, *lower], size=size)
    filled = [sum(any(run in side for run in band) for side in sides) for band in (upper, lower)]
    near = below.top - above.bottom < 2.5 * size
    return min(filled) > 1 or (max(filled) > 1 and near)


def _is_head(run: Run, *, size: float) -> bool:
    return all(not line.inset and line.face.size >= HEAD * size for line in run.lines)


def _sides(runs: Sequence[Run], *, size: float) -> list[list[Run]]:
    """The runs from left to right, parted by gutters with a column on both sides."""
    sides: list[list[Run]] = []
    rightmost = 0.0
    for run in sorted(runs, key=lambda one: one.box.x0):
        apart = run.box.x0 - rightmost >= GUTTER * size
        if sides and not (apart and _is_column(sides[-1])):
            sides[-1].append(run)
        else:
            sides.append([run])
        rightmost = max(rightmost, run.box.x1)
    if len(sides) > 1 and not _is_column(sides[-1]):
        last = sides.pop()
        sides[-1] += last
    return sides


def _is_column(runs: Sequence[Run]) -> bool:
    """Whether runs are a column, and not the labels or marks of another."""
    return any(
        run.lines[0].inset or sum(length_of(line.text) for line in run.lines) >= MIN_COLUMN_LENGTH
        for run in runs
    )
