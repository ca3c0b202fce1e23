"""Source lines broken by the end of a line, joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.glyphs.geometry import around
from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import is_source, opens_source
from pdf_reading.linking import placed

MAX_LINES = 3
_CLOSING = {"（": "）", "(": ")", "【": "】", "[": "]"}


def with_whole_sources(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of a source in brackets over several of them joined."""
    found: list[Line] = []
    index = 0
    while index < len(lines):
        stop = _stop(lines, index)
        found.append(_together(lines[index:stop]))
        index = stop
    return found


def _stop(lines: Sequence[Line], start: int) -> int:
    first = lines[start]
    closing = _CLOSING.get(first.text[:1])
    if not closing or closing in first.text or not opens_source(first.text):
        return start + 1
    for stop in range(start + 2, min(start + MAX_LINES, len(lines)) + 1):
        whole = _together(lines[start:stop])
        here = lines[stop - 1].column == first.column
        if here and is_source(whole.text) and whole.text.endswith(closing):
            return stop
    return start + 1


def _together(lines: Sequence[Line]) -> Line:
    first, *rest = lines
    if not rest:
        return first
    text = first.text
    for line in rest:
        text = joined(text, line.text)
    links = placed(text, ((line.text, line.links) for line in lines))
    return replace(first, text=text, box=around(line.box for line in lines), links=links)
