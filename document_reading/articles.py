"""The blocks of a document to the sections and articles of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from document_reading.account import account_of
from document_reading.blocks import TITLE, Block, Title
from document_reading.credits import credits_of
from document_reading.failures import DocumentFailure, UnreadableDocument
from pdf_reading.issue_text import (
    ArticleText,
    Heading,
    IssueText,
    ParseWarning,
    Passage,
    SectionText,
)


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of headings: those of `section` name sections, those of `article` are headlines
    (None for none), and deeper ones sub-headings."""

    section: int | None
    article: int | None


def issue_of(blocks: Sequence[Block], *, warnings: Sequence[ParseWarning] = ()) -> IssueText:
    """Return the issue. Raises UnreadableDocument where there is nothing in it."""
    if not blocks:
        raise UnreadableDocument(DocumentFailure.NO_TEXT)
    title, rest = _issue_title(blocks)
    levels = levels_of(rest)
    sections = tuple(_sections(rest, levels))
    return IssueText(
        title=title,
        number="",
        date="",
        publisher="",
        page_count=0,
        sections=sections,
        warnings=(*warnings, *_warnings(sections)),
        account=account_of(title, sections),
    )


def levels_of(blocks: Sequence[Block]) -> Levels:
    """Return what the headings of each level are.

    The uppermost name sections where most of them stand right above another heading; where text
    stands below them they are headlines.
    """
    found = sorted({block.level for block in blocks if isinstance(block, Title)})
    if len(found) < 2:
        return Levels(section=None, article=found[0] if found else None)
    upper, lower = found[:2]
    followers = [
        isinstance(follower, Title) and follower.level > upper
        for block, follower in pairwise(blocks)
        if isinstance(block, Title) and block.level == upper
    ]
    sections = 2 * sum(followers) >= len(followers) > 0
    return Levels(upper, lower) if sections else Levels(None, upper)


def _issue_title(blocks: Sequence[Block]) -> tuple[str, Sequence[Block]]:
    """Return the title of the issue, and the blocks without it: what the document calls its title,
    or the only heading of its level, where it comes first and others below it follow. Alone, it is
    the headline of the only article."""
    first, rest = blocks[0], blocks[1:]
    if not isinstance(first, Title):
        return "", blocks
    others = {block.level for block in rest if isinstance(block, Title)}
    heads_others = bool(others) and (first.level == TITLE or first.level < min(others))
    return (first.text, rest) if heads_others else ("", blocks)


def _sections(blocks: Iterable[Block], levels: Levels) -> Iterable[SectionText]:
    """Yield the sections; one without a name holds what stands before the first."""
    name, articles = "", list[list[Block]]()
    for block in blocks:
        if isinstance(block, Title) and block.level == levels.section:
            if name or articles:
                yield _section(name, articles)
            name, articles = block.text, []
        elif _is_headline(block, levels) or not articles:
            articles.append([block])
        else:
            articles[-1].append(block)
    yield _section(name, articles)


def _is_headline(block: Block, levels: Levels) -> bool:
    if not isinstance(block, Title) or levels.article is None:
        return False
    return (levels.section or 0) < block.level <= levels.article or block.level == TITLE


def _section(name: str, articles: Iterable[Sequence[Block]]) -> SectionText:
    return SectionText(name, articles=tuple(map(_article, articles)))


def _article(blocks: Sequence[Block]) -> ArticleText:
    first = blocks[0]
    title, rest = (first.text, blocks[1:]) if isinstance(first, Title) else ("", blocks)
    found = credits_of([_passage(block) for block in rest])
    return ArticleText(
        title,
        source=found.source,
        byline=found.byline,
        date=found.date,
        passages=found.passages,
    )


def _passage(block: Block) -> Passage:
    return Heading(block.text, 0, block.links) if isinstance(block, Title) else block


def _warnings(sections: Iterable[SectionText]) -> Iterable[ParseWarning]:
    articles = [article for section in sections for article in section.articles]
    if not any(article.title for article in articles):
        yield ParseWarning("no_headlines", 0)
    elif untitled := [article for article in articles if not article.title]:
        yield ParseWarning("article_without_headline", 0, _words(untitled[0]))
    for article in articles:
        if not article.passages:
            yield ParseWarning("article_without_text", 0, article.title)


def _words(article: ArticleText) -> str:
    texts = [text for passage in article.passages for text in passage.texts if text]
    return texts[0][:40] if texts else ""
