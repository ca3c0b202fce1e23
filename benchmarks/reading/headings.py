"""Headings that were read against those that there are: each name is found once at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.reading.truth import Name, Truth
from benchmarks.scoring import Score
from pdf_reading.issue_text import ArticleText, Heading, IssueText, Listing, Paragraph

GRADES: tuple[Callable[[Name, str], bool], ...] = (Name.is_exactly, Name.resembles)


@dataclass(frozen=True, slots=True)
class Matched:
    """The pairs of names and texts, and what has no counterpart."""

    pairs: list[tuple[Name, str]]
    missed: list[Name]
    others: list[str]

    @property
    def score(self) -> Score:
        """Hits, texts read, and names there are."""
        hits = len(self.pairs)
        return Score(hits, hits + len(self.others), hits + len(self.missed))


def matched(names: Iterable[Name], texts: Iterable[str]) -> Matched:
    """Pair names and texts: those of the same letters first, then those that resemble."""
    pairs: list[tuple[Name, str]] = []
    missed, others = list(names), list(texts)
    for is_found in GRADES:
        for name in list(missed):
            text = next((text for text in others if is_found(name, text)), None)
            if text is not None:
                pairs.append((name, text))
                missed.remove(name)
                others.remove(text)
    return Matched(pairs, missed, others)


def without(names: Sequence[Name], found: Matched) -> Matched:
    """The match without texts that may be read or not."""
    others = [text for text in found.others if not any(_is_one(name, text) for name in names)]
    return Matched(found.pairs, found.missed, others)


def _is_one(name: Name, text: str) -> bool:
    return any(is_found(name, text) for is_found in GRADES)


def headlines_of(issue: IssueText) -> list[str]:
    """The headlines of all articles that have one."""
    return [article.title for article in articles_of(issue) if article.title]


def sections_of(issue: IssueText) -> list[str]:
    """The names of all sections that have one."""
    return [section.title for section in issue.sections if section.title]


def articles_of(issue: IssueText) -> list[ArticleText]:
    """All articles in order."""
    return [article for section in issue.sections for article in section.articles]


def found_headlines(issue: IssueText, truth: Truth) -> Matched:
    """The headlines read against those there are."""
    return without(truth.either_way, matched(truth.headlines, headlines_of(issue)))


def found_sections(issue: IssueText, truth: Truth) -> Matched:
    """The sections read against those there are."""
    return without(truth.either_way, matched(truth.sections, sections_of(issue)))


def texts_within(articles: Iterable[ArticleText]) -> list[str]:
    """The texts in which a headline may be hidden: subtitles, sub-headings, paragraphs, entries."""
    texts: list[str] = []
    for article in articles:
        texts += [article.subtitle, article.byline, article.source]
        for passage in article.passages:
            match passage:
                case Paragraph(text=text) | Heading(text=text):
                    texts.append(text)
                case Listing(entries=entries):
                    texts.extend(entries)
    return [text for text in texts if text]
