"""The source, the author and the date of an article, where paragraphs say nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pdf_reading.issue_text import Paragraph, Passage
from pdf_reading.lexicon import byline, date_line, source_name

AT_TOP = 3  # paragraphs below the headline that may be credits
READERS = {"source": source_name, "byline": byline, "date": date_line}


@dataclass(frozen=True, slots=True)
class Credited:
    """The passages of an article without its credits, and these; "" for none."""

    passages: tuple[Passage, ...]
    source: str = ""
    byline: str = ""
    date: str = ""


def credits_of(passages: Sequence[Passage]) -> Credited:
    """Return the credits: they stand below the headline, a source at the end of the article, too.
    The second of a kind is text, and so is what is all that an article has."""
    found = Credited(tuple(passages))
    for _ in range(AT_TOP):
        found = _without(found, 0, READERS)
    return _without(found, -1, ["source"])


def _without(article: Credited, at: int, kinds: Iterable[str]) -> Credited:
    """Return the article with the credit that its first or last passage is."""
    passages = list(article.passages)
    if len(passages) < 2 or not isinstance(passages[at], Paragraph) or passages[at].links:
        return article
    text = passages.pop(at).texts[0]
    for kind in kinds:
        if not getattr(article, kind) and (value := READERS[kind](text)):
            return replace(article, passages=tuple(passages), **{kind: value})
    return article
