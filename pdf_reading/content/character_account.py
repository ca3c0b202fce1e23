"""The account of an issue: the characters of its pages by what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pdf_reading.account import Account, Destination, page_account
from pdf_reading.content.article_claims import Claims, Entry, settled
from pdf_reading.content.left_over import is_piece
from pdf_reading.glyphs.letters import size_of
from pdf_reading.issue_text import IssueText
from pdf_reading.layout.lines import Line
from pdf_reading.layout.omissions import text_in
from pdf_reading.layout.sheet import Sheet
from pdf_reading.structure.apart import Apart


def account_of(
    sheets: Sequence[Sheet], issue: IssueText, claims: Iterable[Claims], apart: Iterable[Apart]
) -> Account:
    """Account for every character of the pages of an issue. `claims` are those of its articles and
    then of the pieces that are left over, in their order."""
    counts: dict[int, Counter[Destination]] = defaultdict(Counter)
    for texts, own in zip(_texts(issue), claims, strict=True):
        for entry in settled(own, texts):
            counts[entry.page][entry.destination] += entry.characters
    for entry in _entries(one for one in apart if not is_piece(one)):
        counts[entry.page][entry.destination] += entry.characters
    return Account(
        tuple(
            page_account(sheet.number, sheet.characters, (counts[sheet.number], sheet.omitted))
            for sheet in sheets
        )
    )


def without_remarks(before: IssueText, after: IssueText) -> Account:
    """The account of an issue in which articles were joined: the remarks that said where they go
    on are labels, on the pages of the articles that changed."""
    gone = sum(map(size_of, _texts(before))) - sum(map(size_of, _texts(after)))
    kept = {id(article) for section in after.sections for article in section.articles}
    changed = {
        page
        for section in before.sections
        for article in section.articles
        if id(article) not in kept
        for page in range(article.pages[0], article.pages[1] + 1)
    }
    pages = []
    for page in before.account.pages:
        taken = min(gone, page.counts.get(Destination.PARAGRAPH, 0)) * (page.page in changed)
        gone -= taken
        moved = {Destination.PARAGRAPH: -taken, Destination.LABEL: taken}
        pages.append(page_account(page.page, page.characters, (page.counts, moved)))
    return Account(tuple(pages))


def _entries(apart: Iterable[Apart]) -> Iterator[Entry]:
    """What was set apart; of a figure, the words inside."""
    for one in apart:
        for line in one.lines:
            yield Entry(line.page, _destination(one, line), size_of([text_in(line)]))


def _destination(one: Apart, line: Line) -> Destination:
    is_figure = line.inset is not None and line.inset.kind == "figure"
    return Destination.FIGURE if is_figure else one.destination


def _texts(issue: IssueText) -> Iterator[list[str]]:
    """The texts of each article, then of each piece that is left over."""
    for article in (one for section in issue.sections for one in section.articles):
        facts = (article.title, article.subtitle, article.source, article.byline, article.date)
        yield [*facts, *(text for passage in article.passages for text in passage.texts)]
    for piece in issue.left_over:
        yield [piece.text]
