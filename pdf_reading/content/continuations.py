"""Articles that go on on a later page, joined: where one says "continued on page 3" and text there
"continued from page 1", that text is the end of the article, and the two remarks are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from pdf_reading.content.character_account import without_remarks
from pdf_reading.content.dehyphenation import dehyphenated
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

_ENDED = re.compile(r"[。！？.!?…][”\"」』’'）)]*$")
_Text = Paragraph | Heading


@dataclass(frozen=True, slots=True)
class _Rest:
    """Passages behind a remark that says from which page they come. `head` are the words of the
    headline that is repeated there, `number` is the page on which they stand."""

    head: str
    page: int
    number: int
    passages: tuple[Passage, ...]
    printed: tuple[Passage, ...]


@dataclass(slots=True)
class _Growing:
    """An article with its own passages, and the rests of articles that stand in it."""

    article: ArticleText
    passages: list[Passage]
    rests: list[_Rest]
    gone: bool = field(default=False)


def with_continuations(issue: IssueText) -> IssueText:
    """Return the issue with the articles joined that go on on a later page."""
    articles = [_parted(article) for section in issue.sections for article in section.articles]
    if not any(one.rests for one in articles):
        return issue
    for host in articles:
        for rest in host.rests:
            _place(rest, host, articles)
    grown = iter(articles)
    sections = [_with_grown(section, grown) for section in issue.sections]
    gone = [one.article for one in articles if one.gone]
    whole = dehyphenated(
        replace(
            issue,
            sections=tuple(one for one in sections if one.articles),
            warnings=tuple(one for one in issue.warnings if not _is_about(one, gone)),
        )
    )
    return replace(whole, account=without_remarks(issue, whole))


def _parted(article: ArticleText) -> _Growing:
    """An article cut at the remarks that say from where text comes."""
    cuts = [at for at, one in enumerate(article.passages) if isinstance(one, _Text) and _came(one)]
    if found := came_from(article.title):
        rest = _Rest(*found, article.pages[0], article.passages, article.passages)
        return _Growing(article, [], [rest])
    parts = [
        article.passages[start:stop]
        for start, stop in zip([0, *cuts], [*cuts, len(article.passages)], strict=True)
    ]
    rests = [_rest(part, article.title if not parts[0] else "") for part in parts[1:]]
    return _Growing(article, list(parts[0]), rests)


def _came(passage: Paragraph | Heading) -> tuple[str, int] | None:
    return came_from(passage.text)


def _rest(part: tuple[Passage, ...], title: str) -> _Rest:
    """Passages that begin with a remark, whose words may be those of a headline."""
    [text] = part[0].texts
    words, page = came_from(text) or ("", 0)
    is_head = text.startswith(words) and not _ENDED.search(words)
    own = () if is_head or not isinstance(part[0], _Text) else (_with_text(part[0], words),)
    return _Rest(title or (words if is_head else ""), page, part[0].page, (*own, *part[1:]), part)


def _place(rest: _Rest, host: _Growing, articles: Sequence[_Growing]) -> None:
    """Join a rest to the article that goes on in it; leave it where it stands without one."""
    going_on = [(one, at, found) for one in articles for at, found in _goings(one)]
    named = [entry for entry in going_on if _is_named(rest.head, entry[0].article.title)]
    paged = [
        (one, at, (words, page))
        for one, at, (words, page) in going_on
        if page == rest.number and one.passages[at].page == rest.page
    ]
    found = named or paged
    if len({id(one) for one, _, _ in found}) != 1:
        host.passages.extend(rest.printed)
        return
    owner, at, (words, _) = found[0]
    owner.passages = _joined(owner.passages, at, words, rest.passages)
    if owner is not host and not host.passages and not host.gone:
        host.gone = True
        places = (*owner.article.places, *host.article.places)
        owner.article = replace(owner.article, places=places)


def _goings(one: _Growing) -> Iterator[tuple[int, tuple[str, int]]]:
    """The passages that say where an article goes on."""
    for at, passage in enumerate(one.passages):
        if isinstance(passage, _Text) and (found := goes_on_at(passage.text)):
            yield at, found


def _is_named(head: str, title: str) -> bool:
    """Whether the words of a headline that is repeated are among those of one."""
    words = compact(head).rstrip(".…")
    return len(words) > 1 and words in compact(title)


def _joined(
    passages: Sequence[Passage], at: int, words: str, rest: Sequence[Passage]
) -> list[Passage]:
    """The passages of an article with a rest in the place of the remark that ends `passages[at]`,
    which has other words, or none."""
    before = list(passages[:at])
    if words and isinstance(last := passages[at], _Text):
        before.append(_with_text(last, words))
    first, *others = rest or (None,)
    ended = not before or not isinstance(before[-1], Paragraph) or _ENDED.search(before[-1].text)
    if isinstance(first, Paragraph) and not ended:
        before[-1] = _one_paragraph(before[-1], first)
    elif first is not None:
        before.append(first)
    return [*before, *others, *passages[at + 1 :]]


def _with_text(passage: Paragraph | Heading, text: str) -> Paragraph | Heading:
    """The passage with a part of its text, and the links in that."""
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


def _with_grown(section: SectionText, grown: Iterator[_Growing]) -> SectionText:
    articles = [next(grown) for _ in section.articles]
    return replace(
        section,
        articles=tuple(
            replace(one.article, passages=tuple(one.passages)) for one in articles if not one.gone
        ),
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
