"""Prose: lines that follow each other as those of a paragraph do, and no labels."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import is_cjk
from pdf_reading.layout.lines import Line

LONG = 24  # letters; a Chinese character counts as two
MIN_LENGTH = 40  # letters in all
MIN_LINES = 3  # or two, of which the first is long
MAX_LEADING = 1.9  # sizes; the lines of a list of labels stand further apart
SAME_SIZE = 0.06  # of the size


def prose_of(lines: Sequence[Line], *, size: float) -> list[Line]:
    """The lines that are prose. What is much smaller than the usual `size` labels something."""
    found: list[Line] = []
    waiting = sorted(
        (line for line in lines if not line.inset and line.face.size > 0.84 * size),
        key=lambda line: line.baseline,
    )
    while waiting:
        run = _run(waiting)
        if _reads_as_prose(run):
            found += run
        waiting = [line for line in waiting if not any(line is other for other in run)]
    return found


def _run(lines: Sequence[Line]) -> list[Line]:
    """The first of some lines and those that follow it, each below the one before."""
    run = [lines[0]]
    for line in lines[1:]:
        if line.baseline - run[-1].baseline > MAX_LEADING * run[-1].face.size:
            break
        if stands_below(run[-1], line):
            run.append(line)
    return run


def stands_below(line: Line, below: Line) -> bool:
    """Return whether a line stands below another as the next of a paragraph does, however far: in
    type of one size, with most of its width over most of the other's."""
    size = line.face.size
    beside = line.box.shared_width(below.box)
    return (
        below.baseline - line.baseline > 0.5 * size
        and abs(below.face.size - size) < SAME_SIZE * size
        and beside > 0.6 * min(line.box.width, below.box.width)
    )


def _reads_as_prose(run: Sequence[Line]) -> bool:
    lengths = [length_of(line.text) for line in run]
    if len(run) < 2 or sum(lengths) < MIN_LENGTH:
        return False
    return max(lengths[:-1]) >= LONG or len(run) >= MIN_LINES


def length_of(text: str) -> int:
    """The letters and digits of a text, those of Chinese counted twice."""
    if text.isascii():
        return sum(map(str.isalnum, text))
    return sum(1 + is_cjk(character) for character in text if character.isalnum())
