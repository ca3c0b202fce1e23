"""The article in a box, put behind the one in whose text the box stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.content.articles import Draft, Part
from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import paragraph_style_of
from pdf_reading.structure.boxes import Boxed, owner_of
from pdf_reading.structure.classification import ClassifiedHeading
from pdf_reading.structure.headings import headlines_of
from pdf_reading.structure.levels import Level


def with_box(parts: Sequence[Part], lines: Sequence[Line], boxed: Boxed) -> list[Line]:
    """The lines with those of a box behind them; its article comes after the one around it."""
    whole = [*lines, *boxed.lines]
    if not boxed.head:
        return list(lines)
    at, owner = len(lines), owner_of(boxed, lines)
    head = replace(boxed.head, start=at + boxed.head.start, stop=at + boxed.head.stop)
    inner = headlines_of(boxed.lines, body=boxed.lines[-1].face)[1:]
    draft = Draft(
        ClassifiedHeading(head, Level.ARTICLE, 0.6, ("in a box of its own",)),
        head.stop,
        len(whole),
        [
            ClassifiedHeading(
                replace(one, start=at + one.start, stop=at + one.stop), Level.WITHIN, 0.6, ()
            )
            for one in inner
        ],
        paragraph_style_of(boxed.lines),
    )
    before = [
        (part, place)
        for part in parts
        for place, other in enumerate(part.drafts)
        if other.start <= owner + 1 and other.start < at
    ]
    part, place = max(
        before, key=lambda pair: pair[0].drafts[pair[1]].start, default=(_first(parts), -1)
    )
    part.drafts.insert(place + 1, draft)
    return whole


def _first(parts: Sequence[Part]) -> Part:
    """The first part with articles; without any, the one before all sections."""
    return next((part for part in parts if part.drafts), parts[0])
