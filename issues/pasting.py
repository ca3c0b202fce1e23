"""Lines of cells between tabs, as Excel and Word copy a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

_IN_SEVERAL_LINES = re.compile(
    r'(?:(?<=\t)|^)"((?:[^"\n]|"")*\n(?:[^"]|"")*)"(?=\t|$)', re.MULTILINE
)


def in_one_line(text: str) -> str:
    """Return a text in which each cell stands in one line: Excel copies one of several lines in
    quotes."""
    if "\t" not in text:
        return text
    return _IN_SEVERAL_LINES.sub(lambda match: f'"{match[1]}"'.replace("\n", "⏎"), text)


def rows_of_lines(lines: Iterable[str]) -> list[list[str]]:
    """Return the cells of lines with tabs between them; where quotes are no quotes of Excel's, they
    are a part of the words."""
    given = list(lines)
    try:
        return list(csv.reader(given, dialect="excel-tab", strict=True))
    except csv.Error:
        return [line.split("\t") for line in given]


def is_table(lines: Sequence[str]) -> bool:
    """Return whether lines with tabs are rows: several, with tabs between words, and as many in
    each where not all have them. A tab before a line alone indents it."""
    inside = ["\t" in line.strip() for line in lines]
    even = len({line.count("\t") for line in lines}) == 1
    return len(lines) > 1 and (all(inside) or (even and any(inside)))
