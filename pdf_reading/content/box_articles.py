"""The article that a box with a headline holds, placed behind the one in whose text it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.content.articles import ArticleDraft, SectionDraft
from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import paragraph_style_of
from pdf_reading.structure.boxes import TextBox, owner_of
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.headings import Headline, headlines_of
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level

CONFIDENCE = 0.6


def with_box_article(
    sections: Sequence[SectionDraft], lines: Sequence[Line], box: TextBox
) -> list[Line]:
    """The lines with those of a box behind them. Adds its article after the one around the box."""
    if not box.head:
        return list(lines)
    whole, owner = [*lines, *box.lines], owner_of(box, lines)
    before = [
        (section, index)
        for section in sections
        for index, other in enumerate(section.articles)
        if other.start <= owner + 1 and other.start < len(lines)
    ]
    section, index = max(
        before, key=lambda pair: pair[0].articles[pair[1]].start, default=(_first(sections), -1)
    )
    section.articles.insert(index + 1, _draft(box, box.head, at=len(lines)))
    return whole


def _draft(box: TextBox, head: Headline, *, at: int) -> ArticleDraft:
    """The article of a box whose lines begin at index `at`."""
    inner = headlines_of(box.lines, body=box.lines[-1].face)[1:]
    return ArticleDraft(
        _classified(head, Level.ARTICLE, LevelReason.IN_A_BOX, at=at),
        start=at + head.stop,
        stop=at + len(box.lines),
        inner=[_classified(one, Level.WITHIN, at=at) for one in inner],
        paragraph_style=paragraph_style_of(box.lines),
    )


def _classified(head: Headline, level: Level, *reasons: LevelReason, at: int) -> ClassifiedHeading:
    moved = replace(head, start=at + head.start, stop=at + head.stop)
    return ClassifiedHeading(moved, level, CONFIDENCE, reasons)


def _first(sections: Sequence[SectionDraft]) -> SectionDraft:
    """The first section with articles; without any, the one before all sections."""
    return next((section for section in sections if section.articles), sections[0])
