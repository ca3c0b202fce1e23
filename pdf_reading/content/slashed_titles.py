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
    """The articles in the sections that their headlines name, where a quarter of them do and
    some the same."""
    articles = [article for section in sections for article in section.articles]
    titles = [text for article in articles if (text := article.head.headline.text)]
    names = Counter(name for title in titles if (name := _section_in(title)))
    if names.total() < max(MIN_SLASHED, len(titles) / 4) or names.total() == len(names):
        return list(sections)
    found: list[SectionDraft] = []
    for section in sections:
        found.append(SectionDraft(section.head))
        for article in section.articles:
            _add(article, found)
    return found


def _add(article: ArticleDraft, sections: list[SectionDraft]) -> None:
    """Add an article to the last section, or to a new one if its headline names another. A name
    alone, with nothing below it, is no article."""
    title = article.head.headline.text
    if name := _section_in(title):
        last = sections[-1].head
        if not last or last.headline.text != name:
            sections.append(SectionDraft(_named(article.head, name, Level.SECTION)))
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
