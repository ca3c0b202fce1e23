"""A table that comes in cell by cell, as HTML gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from pdf_reading.issue_text import Table
from pdf_reading.linking import RichText

MAX_CELLS = 20_000


class TooLarge(Exception):
    """There are more cells than anybody reads."""


@dataclass(slots=True)
class Grid:
    """The cells of a table as they come in; those that a cell covers besides its own are empty."""

    rows: list[list[RichText]] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)  # column: how many more rows
    header: bool = False
    count: int = 0

    def begin_row(self) -> None:
        """Begin a row."""
        self.rows.append([])
        self._skip()

    def add(self, text: RichText, *, columns: int, rows: int) -> None:
        """Add a cell. Raises TooLarge."""
        if not self.rows:
            self.begin_row()
        for cell in (text, *[RichText("")] * (columns - 1)):
            if rows > 1:
                self.covered[len(self.rows[-1])] = rows
            self._append(cell)
        self._skip()

    def _skip(self) -> None:
        """Leave out the columns that a cell above covers."""
        while self.covered.get(len(self.rows[-1]), 0) > 0:
            self._append(RichText(""))

    def _append(self, cell: RichText) -> None:
        self.count += 1
        if self.count > MAX_CELLS:
            raise TooLarge
        column = len(self.rows[-1])
        if column in self.covered:
            self.covered[column] -= 1
        self.rows[-1].append(cell)

    def table(self, caption: RichText) -> Table | None:
        """Return the table; None if there is no word in it."""
        rows = [row for row in self.rows if any(cell.text for cell in row)]
        if not rows:
            return None
        width = max(max(n for n, cell in enumerate(row, 1) if cell.text) for row in rows)
        rows = [[*row[:width], *[RichText("")] * (width - len(row))] for row in rows]
        texts = [caption, *(cell for row in rows for cell in row)]
        return Table(
            caption.text,
            0,
            tuple(tuple(cell.text for cell in row) for row in rows),
            self.header and len(rows) > 1,
            tuple(replace(link, part=n) for n, text in enumerate(texts) for link in text.links),
            tuple(replace(mark, part=n) for n, text in enumerate(texts) for mark in text.marks),
        )
