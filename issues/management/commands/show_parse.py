"""`manage.py show_parse FILE`: what is read from a PDF, without storing anything."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.localized_command import LocalizedCommand
from issues import markup, parse_messages
from pdf_reading import Limits, UnreadablePdf, parse
from pdf_reading.process.serialization import Record, to_record, without_pictures


class Command(LocalizedCommand):
    help = gettext_noop("Print what is read from a PDF, without storing anything.")
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take FILE and --format."""
        parser.add_argument("file", type=Path, help=_("The PDF of an issue."))
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read within the limits of the settings; a refusal is a CommandError that says why."""
        limits = Limits(
            memory=settings.READING_MEMORY_BYTES,
            cpu_seconds=settings.READING_SECONDS,
            pages=settings.READING_PAGES,
        )
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        try:
            record = without_pictures(to_record(parse(file, limits=limits)))
        except UnreadablePdf as error:
            raise CommandError(parse_messages.unreadable(error.reason)) from None
        if options["format"] == "json":
            self.stdout.write(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(record)))


def _lines(issue: Record) -> Iterator[str]:
    """The reading as a person reads it; an article's text in the editors' notation."""
    yield _joined(issue["title"], issue["number"], issue["date"], issue["publisher"])
    articles = sum(len(section["articles"]) for section in issue["sections"])
    counts = {"pages": issue["page_count"], "sections": len(issue["sections"])}
    yield _("%(pages)d pages, %(sections)d sections, %(articles)d articles") % {
        **counts,
        "articles": articles,
    }
    for warning in parse_messages.warnings(issue["warnings"]):
        yield f"! {warning.sentence}"
        for spot in warning.spots:
            page = _("Page %(page)s") % {"page": spot.page} if spot.page else ""
            yield f"    {_joined(spot.words, page)}"
    for section in issue["sections"]:
        yield f"\n\n{section['title'] or _('(without a section)')}  {section['confidence']:.2f}"
        for article in section["articles"]:
            yield from _article(article)


def _article(article: Record) -> Iterator[str]:
    first, last = article["pages"]
    pages = f"{first}-{last}" if last > first else f"{first}"
    yield f"\n{'─' * 72}\n{article['title'] or _('(without a headline)')}"
    if article["subtitle"]:
        yield article["subtitle"]
    at = _("p. %(page)s") % {"page": pages}
    facts = (article["source"], article["byline"], article["date"], at)
    yield _joined(*facts, f"{article['confidence']:.2f} ({', '.join(article['reasons'])})")
    yield "\n" + markup.write(map(_named, article["blocks"]))
    if article["links"]:
        yield ""
        yield from (f"→ {_spaced(link['text'], link['url'])}" for link in article["links"])


def _named(block: Record) -> Record:
    """A figure called by its page, as the notation wants a name for it."""
    return {**block, "image": f"p{block['page']}.png"} if block["kind"] == "figure" else block


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _spaced(*words: object) -> str:
    return " ".join(filter(None, map(str, words)))
