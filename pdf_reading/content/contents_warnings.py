"""Warnings where the printed contents and the headlines differ."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.issue_text import ParseWarning
from pdf_reading.structure.contents import Contents, Entry
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level
from pdf_reading.structure.reprinted import comparable
from pdf_reading.structure.titles import named_in


def contents_warnings(
    heads: Sequence[ClassifiedHeading], contents: Contents
) -> tuple[ParseWarning, ...]:
    """Return the warnings about headlines that the contents do not list, and about entries without
    one. A headline and an entry of which one holds the words of the other are the same, printed in
    two ways, and neither is in question."""
    unlisted, missing = _unlisted(heads), _missing(heads, contents)
    return (
        *(
            ParseWarning("headline_not_in_contents", head.page, head.text)
            for head in unlisted
            if not any(_is_same(head, entry) for entry in missing)
        ),
        *(
            ParseWarning("entry_without_headline", entry.page, entry.title)
            for entry in missing
            if not any(_is_same(head, entry) for head in unlisted)
        ),
    )


def _unlisted(heads: Sequence[ClassifiedHeading]) -> list[Headline]:
    return [
        one.headline
        for one in heads
        if one.level is not Level.WITHIN and LevelReason.NOT_IN_CONTENTS in one.reasons
    ]


def _missing(heads: Sequence[ClassifiedHeading], contents: Contents) -> list[Entry]:
    """Entries without a headline, where most have one: else the contents only tease."""
    named = {id(entry) for _, entry in named_in([h.headline for h in heads], contents.entries)}
    missing = [entry for entry in contents.entries if id(entry) not in named]
    return [] if len(missing) > len(contents.entries) / 2 else missing


def _is_same(head: Headline, entry: Entry) -> bool:
    one, other = comparable(head.text), comparable(entry.title)
    return bool(one and other) and (one in other or other in one)
