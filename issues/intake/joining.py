"""The texts of several files as that of one issue: sections after sections, pages after pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pdf_reading.account import Account
from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    IssueText,
    LeftOver,
    ParseWarning,
    Passage,
    Place,
    SectionText,
)


def joined(texts: Sequence[IssueText]) -> IssueText:
    """Return the texts as one. What an issue says of itself is what the first says that does."""
    moved, pages = [], 0
    for text in texts:
        moved.append(_moved(text, by=pages))
        pages += text.page_count
    return IssueText(
        title=_first(text.title for text in texts),
        number=_first(text.number for text in texts),
        date=_first(text.date for text in texts),
        publisher=_first(text.publisher for text in texts),
        page_count=pages,
        sections=tuple(section for text in moved for section in text.sections),
        warnings=tuple(warning for text in moved for warning in text.warnings),
        confidence=min((text.confidence for text in texts), default=1.0),
        left_over=tuple(piece for text in moved for piece in text.left_over),
        account=Account(tuple(page for text in moved for page in text.account.pages)),
    )


def with_warnings(text: IssueText, warnings: Iterable[ParseWarning]) -> IssueText:
    """Return the text with these warnings before its own."""
    return replace(text, warnings=(*warnings, *text.warnings))


def _first(words: Iterable[str]) -> str:
    return next(filter(None, words), "")


def _moved(text: IssueText, *, by: int) -> IssueText:
    """Return the text on pages that are so many later. Page 0 is none, and stays it."""
    if not by:
        return text
    return replace(
        text,
        sections=tuple(_moved_section(section, by=by) for section in text.sections),
        warnings=tuple(replace(one, page=_page(one.page, by)) for one in text.warnings),
        left_over=tuple(LeftOver(_moved_place(one.place, by), one.text) for one in text.left_over),
        account=Account(
            tuple(replace(one, page=_page(one.page, by)) for one in text.account.pages)
        ),
    )


def _moved_section(section: SectionText, *, by: int) -> SectionText:
    return replace(section, articles=tuple(_moved_article(one, by=by) for one in section.articles))


def _moved_article(article: ArticleText, *, by: int) -> ArticleText:
    return replace(
        article,
        places=tuple(_moved_place(place, by) for place in article.places),
        passages=tuple(_moved_passage(passage, by=by) for passage in article.passages),
    )


def _moved_passage(passage: Passage, *, by: int) -> Passage:
    page = _page(passage.page, by)
    if isinstance(passage, Figure):
        return replace(passage, page=page, place=_moved_place(passage.place, by))
    return replace(passage, page=page)


def _moved_place(place: Place, by: int) -> Place:
    return replace(place, page=_page(place.page, by))


def _page(number: int, by: int) -> int:
    return number + by if number else 0
