"""The bold and italic words of a document, carried to the reading of its PDF.

A PDF says by what type words are printed, and not which of them somebody set apart: Chinese has no
italics and often no bold face, so that type says little. The document knows. Both say the same
words in about the same order, so that those of a text are found by their characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from msgspec.structs import replace

from pdf_reading.issue_text import (
    ArticleText,
    Emphasis,
    Heading,
    IssueText,
    Mark,
    Passage,
    SectionText,
    Table,
)
from pdf_reading.linking import RichText, rich_texts

NEAR = 2_000  # characters: words that stand so far ahead are those that come next
LONG = 12  # characters: so many, if they stand in one place only, are those
_SPACE = re.compile(r"[\s\-‐\u00ad]")
_PRINTED_MARK = re.compile(r"\s*(?:[^\w\s\"'“‘(（【《]|[(（]?\w{1,3}[.)）、])\s*")
T = TypeVar("T", bound=Passage)


def with_emphasis(issue: IssueText, document: IssueText) -> IssueText:
    """Return the reading of a PDF with the marks of the document that it was made of."""
    words = _Words.of(document)
    if not any(words.marks.values()):
        return issue
    return replace(issue, sections=tuple(_section(one, words) for one in issue.sections))


@dataclass(slots=True)
class _Words:
    """The characters of a document but for white space and hyphens, and the marks in them; `at` is
    where the words end that were found last."""

    text: str
    marks: Mapping[Emphasis, list[tuple[int, int]]]
    at: int = 0

    @classmethod
    def of(cls, document: IssueText) -> _Words:
        """Return the words of a document."""
        texts: list[str] = []
        marks: dict[Emphasis, list[tuple[int, int]]] = {kind: [] for kind in Emphasis}
        before = 0
        for rich in _texts(document):
            spots = _spots(rich.text)
            for mark in rich.marks:
                first, stop = bisect_left(spots, mark.start), bisect_left(spots, mark.stop)
                if first < stop:
                    marks[mark.kind].append((before + first, before + stop))
            texts.append(_bare(rich.text))
            before += len(spots)
        return cls("".join(texts), marks)

    def marks_within(self, start: int, stop: int) -> Iterator[tuple[int, int, Emphasis]]:
        """Yield the marks between two places, as far as they are."""
        for kind, marks in self.marks.items():
            for begins, ends in marks[bisect_right(marks, start, key=itemgetter(1)) :]:
                if begins >= stop:
                    break
                yield max(begins, start), min(ends, stop), kind

    def find(self, words: str) -> int | None:
        """Return where some words stand; None where that is nowhere, or not certain."""
        found = self.text.find(words, self.at, self.at + len(words) + NEAR) if words else -1
        if found < 0 and len(words) >= LONG and self.text.count(words) == 1:
            found = self.text.find(words)
        if found < 0:
            return None
        self.at = found + len(words)
        return found


def _texts(document: IssueText) -> Iterator[RichText]:
    for section in document.sections:
        yield RichText(section.title)
        for article in section.articles:
            for words in (article.title, article.subtitle, article.byline, article.source):
                yield RichText(words)
            for passage in article.passages:
                yield from rich_texts(passage)


def _section(section: SectionText, words: _Words) -> SectionText:
    words.find(_bare(section.title))
    return replace(section, articles=tuple(_article(one, words) for one in section.articles))


def _article(article: ArticleText, words: _Words) -> ArticleText:
    words.find(_bare(article.title))
    return replace(article, passages=tuple(_marked(one, words) for one in article.passages))


def _marked(passage: T, words: _Words) -> T:
    marks: list[Mark] = []
    for part, text in enumerate(passage.texts):
        found = _marks_of(text, words)
        whole = [(mark.start, mark.stop) for mark in found] == [(0, len(text))]
        if not (whole and _is_set_apart(passage, part)):
            marks += [replace(mark, part=part) for mark in found]
    return replace(passage, marks=tuple(marks)) if marks else passage


def _is_set_apart(passage: Passage, part: int) -> bool:
    """Whether a text stands out by what it is: a sub-heading, or the name of a column."""
    if isinstance(passage, Table):
        return passage.header and 0 < part <= len(passage.rows[0])
    return isinstance(passage, Heading)


def _marks_of(text: str, words: _Words) -> list[Mark]:
    """Return the marks of a text, which a list may have printed with a number or a bullet."""
    spots = _spots(text)
    at = words.find(_bare(text))
    if at is None and (printed := _PRINTED_MARK.match(text)):
        spots = [spot for spot in spots if spot >= printed.end()]
        at = words.find(_bare(text[printed.end() :]))
    if at is None:
        return []
    found = [
        Mark(0, spots[start - at], spots[stop - at - 1] + 1, kind)
        for start, stop, kind in words.marks_within(at, at + len(spots))
    ]
    return sorted(found, key=lambda one: (one.start, one.kind))


def _spots(text: str) -> list[int]:
    return [n for n, character in enumerate(text) if not _SPACE.match(character)]


def _bare(text: str) -> str:
    return _SPACE.sub("", text)
