"""The paragraph style of an issue: whether indents, space or short last lines mark paragraphs."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import is_source


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """The style of paragraphs: whether first lines have indents, whether full lines end at one
    edge, and the leading in sizes of the type."""

    indents: bool
    justified: bool
    leading: float


def paragraph_style_of(lines: Sequence[Line]) -> ParagraphStyle:
    """Measure the paragraph style of lines. Indents count when most lines after a short one have
    one."""
    starts = [
        b
        for a, b in itertools.pairwise(lines)
        if is_below(a, b) and is_short(a, 3) and _opens_a_paragraph(b)
    ]
    indented = sum(indent(line) >= 0.8 for line in starts)
    neighbours = [(a, b) for a, b in itertools.pairwise(lines) if is_neighbour(a, b)]
    inner = [a for a, b in neighbours if is_below(a, b) and not ends(a)]
    # Of paragraphs of one line, what is between them is commoner than what is within.
    wrapped = [(a, b) for a, b in neighbours if is_below(a, b) and not (ends(a) or is_short(a, 2))]
    return ParagraphStyle(
        indents=len(starts) > 2 and indented > 0.6 * len(starts),
        justified=sum(not is_short(line, 0.4) for line in inner) > 0.85 * len(inner),
        leading=_usual(wrapped or neighbours),
    )


def _opens_a_paragraph(line: Line) -> bool:
    """A short line that ends no sentence is a title, a source line one of its own."""
    return (ends(line) or not is_short(line, 2)) and not is_source(line.text)


def _usual(neighbours: Sequence[tuple[Line, Line]]) -> float:
    """The commonest leading; one value may be counted in two neighbouring tenths."""
    leadings = Counter(round((b.baseline - a.baseline) / a.face.size, 1) for a, b in neighbours)
    near = {one: sum(leadings[round(one + d, 1)] for d in (-0.1, 0, 0.1)) for one in leadings}
    return max(near, key=lambda one: (near[one], leadings[one]), default=1.5)


def is_below(last: Line, line: Line) -> bool:
    """Return whether a line follows at once: with a headline between, it would stand further
    down."""
    return is_neighbour(last, line) and line.baseline - last.baseline < 2.2 * line.face.size


def is_neighbour(last: Line, line: Line) -> bool:
    return last.page == line.page and last.column == line.column and line.baseline > last.baseline


def indent(line: Line) -> float:
    """Return how far a line starts inside its column, in sizes. An opening quote hangs half a
    size."""
    hanging = 0.5 if line.text[:1] in "“‘《（「『【〈" else 0.0
    return (line.box.x0 - line.left) / line.face.size + hanging * (line.box.x0 > line.left + 2)


def is_short(line: Line, sizes: float) -> bool:
    return line.right - line.box.x1 > sizes * line.face.size


def ends(line: Line) -> bool:
    return line.text[-1:] in "。！？!?.…”」』）)：:；;"
