"""Lines set apart from the text of the articles: furniture, front and back matter, contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from pdf_reading.account import Destination
from pdf_reading.layout.lines import Line


class Apart(NamedTuple):
    """Lines of a page that follow each other, and what they are."""

    destination: Destination
    lines: tuple[Line, ...]


def parted(
    lines: Sequence[Line], destination_of: Callable[[int, Line], Destination | None]
) -> tuple[list[Line], list[Apart]]:
    """Return the lines that stay, and those that are set apart."""
    destinations = [destination_of(n, line) for n, line in enumerate(lines)]
    rest: list[Line] = []
    found: list[Apart] = []
    for (destination, _), group in groupby(
        zip(destinations, lines, strict=True), key=lambda pair: (pair[0], pair[1].page)
    ):
        here = tuple(line for _, line in group)
        if destination is None:
            rest += here
        else:
            found.append(Apart(destination, here))
    return rest, found
