"""What an editor would have to do until the headings of a reading are right (docs/parsing.md)."""

from __future__ import annotations

from collections import Counter

from benchmarks.reading.headings import (
    Matched,
    articles_of,
    found_headlines,
    found_sections,
    matched,
    texts_within,
)
from benchmarks.reading.truth import Name, Truth
from pdf_reading.issue_text import IssueText

KINDS = ("write", "split", "merge", "level", "delete")


def repairs(issue: IssueText, truth: Truth) -> Counter[str]:
    """How many of each kind of repair."""
    headlines, sections = found_headlines(issue, truth), found_sections(issue, truth)
    lowered = matched(sections.missed, headlines.others)
    raised = matched(headlines.missed, sections.others)
    hidden, absent = _sought([*lowered.missed, *raised.missed], texts_within(articles_of(issue)))
    headed = {article.title for article in articles_of(issue) if article.passages}
    rewritten = sum(not name.is_exactly(text) for name, text in _pairs(headlines, sections))
    return Counter(
        write=len(absent) + rewritten,
        split=len(hidden),
        merge=sum(text in headed for text in lowered.others) + _unheaded(issue, truth, absent),
        level=len(lowered.pairs) + len(raised.pairs),
        delete=sum(text not in headed for text in lowered.others) + len(raised.others),
    )


def _pairs(*found: Matched) -> list[tuple[Name, str]]:
    return [pair for one in found for pair in one.pairs]


def _sought(names: list[Name], texts: list[str]) -> tuple[list[Name], list[Name]]:
    """Names at the beginning of a text, and those that are nowhere."""
    hidden = [name for name in names if any(map(name.is_begun_by, texts))]
    return hidden, [name for name in names if name not in hidden]


def _unheaded(issue: IssueText, truth: Truth, absent: list[Name]) -> int:
    """Articles without a headline, but for those there are and those whose headline is absent."""
    unheaded = sum(not article.title for article in articles_of(issue))
    return max(0, unheaded - truth.untitled - len(absent))
