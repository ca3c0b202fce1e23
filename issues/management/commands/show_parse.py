"""`manage.py show_parse FILE`: what is read from a file, without storing anything."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec.structs import replace

from foundation.localized_command import LocalizedCommand
from issues import account_words, markup, parse_messages
from issues.intake.errors import Unreadable
from issues.intake.kinds import kind_of_file
from pdf_reading.account import Account
from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    IssueText,
    Listing,
    Passage,
    StoredFigure,
    StoredPassage,
    to_json,
)

Record = dict[str, Any]


class Command(LocalizedCommand):
    help = gettext_noop("Print what is read from a file, without storing anything.")
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take FILE and --format."""
        parser.add_argument("file", type=Path, help=_("A file of an issue."))
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read within the limits of the settings; a refusal is a CommandError that says why."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        try:
            with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
                issue = kind_of_file(file).read(file, Path(folder)).text
        except Unreadable as error:
            raise CommandError(parse_messages.unreadable(error.reason)) from None
        if options["format"] == "json":
            self.stdout.write(json.dumps(_printed(issue), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(issue)))


def _printed(issue: IssueText) -> Record:
    """Return the issue's JSON with what would else have to be worked out from it, for people."""
    sections = [
        {**to_json(section), "articles": [_printed_article(one) for one in section.articles]}
        for section in issue.sections
    ]
    account = _printed_account(issue.account)
    return {**to_json(replace(issue, sections=())), "sections": sections, "account": account}


def _printed_account(account: Account) -> Record:
    """The account with its sums."""
    whole = account.whole
    return {"characters": whole.characters, "counts": whole.counts, **to_json(account)}


def _printed_article(article: ArticleText) -> Record:
    record = to_json(replace(article, passages=()))
    record = _with(record, before="places", pages=list(article.pages))
    blocks = [_printed_passage(passage) for passage in article.passages]
    links = [{"text": words, "url": url} for words, url in _links(article)]
    return {**record, "blocks": blocks, "links": links}


def _printed_passage(passage: Passage) -> Record:
    """A list has its entries as one text, too; a picture gives way to its size. Without emphasis
    there are no `marks`."""
    record: Record = to_json(passage)
    if not passage.marks:
        del record["marks"]
    match passage:
        case Listing(entries=entries):
            return _with(record, before="page", text="\n".join(entries))
        case Figure(png=png):
            del record["png"]
            return {**record, "bytes": len(png)}
    return record


def _with(record: Record, *, before: str, **more: object) -> Record:
    at = list(record).index(before)
    entries = list(record.items())
    return dict([*entries[:at], *more.items(), *entries[at:]])


def _lines(issue: IssueText) -> Iterator[str]:
    """Yield the reading as a person reads it; an article's text in the editors' markup."""
    sure = f"{issue.confidence:.2f}"
    yield _joined(issue.title, issue.number, issue.date, issue.publisher, sure)
    yield _("%(pages)d pages, %(sections)d sections, %(articles)d articles") % {
        "pages": issue.page_count,
        "sections": len(issue.sections),
        "articles": sum(len(section.articles) for section in issue.sections),
    }
    yield account_words.sentence(issue.account.whole)
    for hint in parse_messages.hints(issue.warnings):
        yield f"! {hint.sentence}"
        for spot in hint.spots:
            page = _("Page %(page)s") % {"page": spot.page} if spot.page else ""
            yield f"    {_joined(spot.words, page)}"
    for section in issue.sections:
        yield f"\n\n{section.title or _('(without a section)')}  {section.confidence:.2f}"
        for article in section.articles:
            yield from _article(article)
    if issue.left_over:
        yield f"\n\n{_('Left over')}"
    for piece in issue.left_over:
        yield f"\n{'─' * 72}\n{_('Page %(page)s') % {'page': piece.place.page}}\n\n{piece.text}"


def _article(article: ArticleText) -> Iterator[str]:
    first, last = article.pages
    pages = f"{first}-{last}" if last > first else f"{first}"
    yield f"\n{'─' * 72}\n{article.title or _('(without a headline)')}"
    if article.subtitle:
        yield article.subtitle
    at = _("p. %(page)s") % {"page": pages}
    facts = (article.source, article.byline, article.date, at)
    yield _joined(*facts, f"{article.confidence:.2f} ({', '.join(article.reasons)})")
    yield "\n" + markup.write(replace(_named(one), links=()) for one in article.passages)
    if article.links:
        yield ""
        yield from (f"→ {_spaced(*link)}" for link in _links(article))


def _links(article: ArticleText) -> Iterator[tuple[str, str]]:
    """Yield the words and the address of each link."""
    for passage in article.passages:
        for link in passage.links:
            yield passage.texts[link.part][link.start : link.stop], link.url


def _named(passage: Passage) -> StoredPassage:
    """Return a figure by the name of its page, since the markup wants a name for it."""
    if isinstance(passage, Figure):
        return StoredFigure(passage.caption, passage.page, image=f"p{passage.page}.png")
    return passage


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _spaced(*words: str) -> str:
    return " ".join(filter(None, words))
