"""Articles that go on on a later page, joined: where one says "continued on page 3" and text there
"continued from page 1", that text is the end of the article, and the two remarks are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from msgspec.structs import replace

from pdf_reading.glyphs.normalisation import compact, joined
from pdf_reading.issue_text import (
    ArticleText,
    Heading,
    IssueText,
    Paragraph,
    ParseWarning,
    Passage,
    SectionText,
)
from pdf_reading.lexicon.continuations import came_from, goes_on_at
from pdf_reading.linking import placed

_ENDED = re.compile(r"[。！？.!?…][”\"」』’')）]*$")

Texts = Paragraph | Heading


@dataclass(frozen=True, slots=True)
class _Opening:
    """A remark that an article goes on: the article, the passage, the words without the remark, and
    the page."""

    article: ArticleText
    at: int
    words: str
    page: int


@dataclass(frozen=True, slots=True)
class _Rest:
    """Text that began elsewhere, behind a remark that says on which page; `at` is the passage with
    the remark in its article, or -1 for the headline. `head` are the words above the remark."""

    article: ArticleText
    at: int
    head: str
    passages: tuple[Passage, ...]
    page: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing of its article stands before the remark."""
        return self.at <= 0


def with_continuations(issue: IssueText) -> IssueText:
    """Return the issue with the articles joined that go on on a later page."""
    articles = [article for section in issue.sections for article in section.articles]
    openings = [one for article in articles for one in _openings(article)]
    changed: dict[int, ArticleText | None] = {}
    for rest in chain.from_iterable(map(_rests, articles)) if openings else ():
        if opening := _opening_of(rest, openings):
            openings.remove(opening)
            changed[id(opening.article)] = _joined(opening, rest)
            kept = rest.article.passages[: rest.at]
            changed[id(rest.article)] = (
                None if rest.is_whole else replace(rest.article, passages=kept)
            )
    if not changed:
        return issue
    sections = [_with_changes(section, changed) for section in issue.sections]
    gone = [one for one in articles if changed.get(id(one), one) is None]
    return replace(
        issue,
        sections=tuple(one for one in sections if one.articles),
        warnings=tuple(one for one in issue.warnings if not _is_about(one, gone)),
    )


def _is_about(warning: ParseWarning, articles: Sequence[ArticleText]) -> bool:
    """Whether a warning names one of these articles, by its headline or its first words."""
    first = (
        (article.pages[0], article.title or next(iter(texts), ""))
        for article in articles
        for texts in (passage.texts for passage in article.passages[:1])
    )
    return any(
        warning.page == page and warning.words and words.startswith(warning.words.rstrip("…"))
        for page, words in first
    )


def _with_changes(section: SectionText, changed: Mapping[int, ArticleText | None]) -> SectionText:
    articles = [changed.get(id(one), one) for one in section.articles]
    return replace(section, articles=tuple(one for one in articles if one))


def _openings(article: ArticleText) -> Iterator[_Opening]:
    for at, passage in enumerate(article.passages):
        if isinstance(passage, Texts) and (found := goes_on_at(passage.text)):
            yield _Opening(article, at, *found)
            return


def _rests(article: ArticleText) -> Iterator[_Rest]:
    if found := came_from(article.title):
        yield _Rest(article, -1, found[0], article.passages, found[1])
        return
    for at, passage in enumerate(article.passages):
        if isinstance(passage, Texts) and (found := came_from(passage.text)):
            words, page = found
            text = (_with_text(passage, words),) if words else ()
            yield _Rest(article, at, article.title, (*text, *article.passages[at + 1 :]), page)
            return


def _opening_of(rest: _Rest, openings: Sequence[_Opening]) -> _Opening | None:
    """The article that goes on in a rest: the one with its words for a headline, else the only one
    that names its page."""
    earlier = [one for one in openings if one.article is not rest.article]
    named = [one for one in earlier if rest.is_whole and _names(rest.head, one.article.title)]
    here = rest.article.passages[max(rest.at, 0)].page if rest.article.passages else 0
    paged = [
        one
        for one in earlier
        if one.page == here and one.article.passages[one.at].page == rest.page
    ]
    found = named or paged
    return found[0] if len(found) == 1 else None


def _names(head: str, title: str) -> bool:
    """Whether a headline is that of an article, or its first words."""
    return bool(head) and compact(title).startswith(compact(head).rstrip(".…"))


def _joined(opening: _Opening, rest: _Rest) -> ArticleText:
    article, last = opening.article, opening.article.passages[opening.at]
    before, after = list(article.passages[: opening.at]), article.passages[opening.at + 1 :]
    if opening.words and isinstance(last, Texts):
        before.append(_with_text(last, opening.words))
    first, *others = rest.passages or (None,)
    ended = not before or not isinstance(before[-1], Paragraph) or _ENDED.search(before[-1].text)
    if isinstance(first, Paragraph) and not ended:
        before[-1] = _one_paragraph(before[-1], first)
    elif first is not None:
        before.append(first)
    places = (*article.places, *(rest.article.places if rest.is_whole else ()))
    return replace(article, passages=(*before, *others, *after), places=places)


def _with_text(passage: Paragraph | Heading, text: str) -> Paragraph | Heading:
    start = passage.text.index(text)
    links = (
        replace(link, start=link.start - start, stop=link.stop - start)
        for link in passage.links
        if start <= link.start and link.stop <= start + len(text)
    )
    return replace(passage, text=text, links=tuple(links))


def _one_paragraph(first: Passage, second: Paragraph) -> Paragraph:
    [text] = first.texts
    whole = joined(text, second.text)
    links = placed(whole, [(text, first.links), (second.text, second.links)])
    return Paragraph(whole, first.page, links)
