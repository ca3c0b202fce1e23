"""Folios: the printed numbers of pages, and by how much they differ from those of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pdf_reading.layout.sheet import Sheet, rows_of

_FOLIO = re.compile(
    r"[\s\-–—·•|~第p]*(?:page|pg\.?)?\s*(\d{1,4}|[ivxlc]{1,6})\s*(?:页|頁)?"
    r"(?:(?:\s*(?:/|／|of|\|)?\s*|[,，]\s+)(?:共|总)?\s*\d{1,4}\s*(?:页|頁)?)?[\s\-–—·•|~]*",
    re.IGNORECASE,
)


def folios_of(sheets: Sequence[Sheet]) -> tuple[set[int], int | None]:
    """Numbers at the edge that count with the pages: at least two with one distance."""
    seen: dict[int, list[int]] = defaultdict(list)
    loose: list[int] = []
    for sheet in sheets:
        rows = rows_of(sheet.lines)
        for line in (line for row in (*rows[:2], *rows[-2:]) for line in row):
            if match := _FOLIO.fullmatch(line.text):
                if match[1].isdigit():
                    seen[sheet.number - int(match[1])].append(id(line))
                else:
                    loose.append(id(line))
    if not seen:
        return set(loose), None
    offset = max(seen, key=lambda key: len(seen[key]))
    if len(seen[offset]) < 2 and offset:
        return set(), None
    return set(seen[offset]) | set(loose), offset
