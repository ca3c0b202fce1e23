"""Headlines that name their section too: "Harbour / New cranes"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.content.articles import ArticleDraft, SectionDraft
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.levels import Level

MIN_SLASHED = 3
_NAME = re.compile(r"(?P<section>[^/|｜]{2,40}?)\s+[/|]")
_SLASHED = re.compile(r"(?P<section>[^/|｜]{2,40}?)\s*(?:\s/\s|\s\|\s|｜)\s*(?P<title>[^/|｜]+)")


def with_sections_of_titles(sections: Sequence[SectionDraft]) -> list[SectionDraft]:
    """The articles in the sections that their headlines name, where a quarter of them do and some
    name the same."""
    articles = [article for section in sections for article in section.articles]
    heads = [*(section.head for section in sections), *(article.head for article in articles)]
    titles = [head.headline.text for head in heads if head and head.headline.text]
    names = Counter(name for title in titles if (name := _section_in(title)))
    if names.total() < max(MIN_SLASHED, len(titles) / 4) or names.total() == len(names):
        return list(sections)
    found = [SectionDraft(None)]
    for section in sections:
        if section.head:
            _open(section.head, found)
        for article in section.articles:
            _add(article, found)
    return found


def _open(head: ClassifiedHeading, sections: list[SectionDraft]) -> None:
    """Open the section that a heading names, unless it is open."""
    name, last = _section_in(head.headline.text) or head.headline.text, sections[-1].head
    if not last or last.headline.text != name:
        sections.append(SectionDraft(_named(head, name, Level.SECTION)))


def _add(article: ArticleDraft, sections: list[SectionDraft]) -> None:
    """Add an article to the last section, or to a new one if its headline names another. A name
    alone, with nothing below it, is no article."""
    title = article.head.headline.text
    if _section_in(title):
        _open(article.head, sections)
        if _NAME.fullmatch(title) and article.start == article.stop:
            return
        if match := _SLASHED.fullmatch(title):
            article.head = _named(article.head, match["title"], article.head.level)
    sections[-1].articles.append(article)


def _section_in(title: str) -> str:
    match = _SLASHED.fullmatch(title) or _NAME.fullmatch(title)
    return match["section"] if match else ""


def _named(head: ClassifiedHeading, text: str, level: Level) -> ClassifiedHeading:
    return replace(head, headline=replace(head.headline, text=text), level=level)
