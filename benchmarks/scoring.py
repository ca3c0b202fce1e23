"""Scores of a reading against the expected one, of texts after NFKC without white space."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    Heading,
    IssueText,
    Listing,
    Paragraph,
    Table,
)


@dataclass(frozen=True, slots=True)
class Score:
    """Hits, what was read and what was expected; or a mean, with its weight in `expected`."""

    hits: float
    read: float
    expected: float

    def f1(self) -> float:
        total = self.read + self.expected
        return 2 * self.hits / total if total else 1.0

    def mean(self) -> float:
        return self.hits / self.expected if self.expected else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.read + other.read, self.expected + other.expected)


Scores = dict[str, Score]
F1S = ("section", "headline", "paragraph", "list", "table", "link")
MEANS = ("source", "body")


def plain(text: str) -> str:
    """A text for comparing: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def scores(issue: IssueText, expected: dict[str, Any]) -> Scores:
    """Return all measures of one file."""
    read_articles = [a for section in issue.sections for a in section.articles]
    wanted = [a for section in expected["sections"] for a in section["articles"]]
    by_title = {plain(article.title): article for article in read_articles}
    pairs = [(by_title.get(plain(w["title"])), w) for w in wanted]
    return {
        "section": _overlap(
            (s.title for s in issue.sections), (s["title"] for s in expected["sections"])
        ),
        "headline": _overlap((a.title for a in read_articles), (w["title"] for w in wanted)),
        "source": _sources(pairs),
        "paragraph": sum((_paragraphs(a, w) for a, w in pairs), Score(0, 0, 0)),
        "body": sum((_body(a, w) for a, w in pairs), Score(0, 0, 0)),
        "list": sum((_lists(a, w) for a, w in pairs), Score(0, 0, 0)),
        "table": sum((_tables(a, w) for a, w in pairs), Score(0, 0, 0)),
        "link": sum((_links(a, w) for a, w in pairs), Score(0, 0, 0)),
    }


def _overlap(read_texts: Iterable[str], expected: Iterable[str]) -> Score:
    ours, theirs = Counter(map(plain, read_texts)), Counter(map(plain, expected))
    return Score((ours & theirs).total(), ours.total(), theirs.total())


def _sources(pairs: Sequence[tuple[ArticleText | None, dict[str, Any]]]) -> Score:
    asked = [(a, w) for a, w in pairs if w.get("source")]
    right = sum(a is not None and plain(a.source) == plain(w["source"]) for a, w in asked)
    return Score(right, len(asked), len(asked))


def _paragraphs(article: ArticleText | None, wanted: dict[str, Any]) -> Score:
    if "paragraphs" not in wanted:
        return Score(0, 0, 0)
    ours = running(article, lists="lists" not in wanted) if article else []
    return _overlap(ours, wanted["paragraphs"])


def _lists(article: ArticleText | None, wanted: dict[str, Any]) -> Score:
    ours = [p.entries for p in article.passages if isinstance(p, Listing)] if article else []
    theirs = wanted.get("lists")
    if theirs is None:
        return Score(0, 0, 0)
    return _overlap((e for es in ours for e in es), (e for es in theirs for e in es))


def _tables(article: ArticleText | None, wanted: dict[str, Any]) -> Score:
    """Tables with every cell right."""
    if "tables" not in wanted:
        return Score(0, 0, 0)
    ours = [p.rows for p in article.passages if isinstance(p, Table)] if article else []
    return _overlap(map(_cells, ours), map(_cells, wanted["tables"]))


def _cells(rows: Sequence[Sequence[str]]) -> str:
    return "\x1e".join("\x1f".join(row) for row in rows)


def _body(article: ArticleText | None, wanted: dict[str, Any]) -> Score:
    if wanted.get("body"):
        ours = "".join(running(article, headings=True)) if article else ""
        theirs = wanted["body"]
    elif wanted.get("paragraphs"):
        ours = "".join(running(article, lists="lists" not in wanted)) if article else ""
        theirs = "".join(wanted["paragraphs"])
    else:
        return Score(0, 0, 0)
    likeness = Levenshtein.normalized_similarity(plain(ours), plain(theirs))
    return Score(likeness, 1, 1)


def _links(article: ArticleText | None, wanted: dict[str, Any]) -> Score:
    if "links" not in wanted:
        return Score(0, 0, 0)
    theirs = {link if isinstance(link, str) else link["url"] for link in wanted["links"]}
    ours = {link.url for link in article.links} if article else set()
    return _overlap((url.rstrip("/") for url in ours), (url.rstrip("/") for url in theirs))


def running(article: ArticleText, *, headings: bool = False, lists: bool = True) -> list[str]:
    """The running text of an article, a list entry by entry, without tables and captions."""
    texts: list[str] = []
    for passage in article.passages:
        match passage:
            case Paragraph(text=text):
                texts.append(text)
            case Heading(text=text) if headings:
                texts.append(text)
            case Listing(entries=entries) if lists:
                texts.extend(entries)
            case Heading() | Listing() | Figure() | Table():
                pass
    return texts
