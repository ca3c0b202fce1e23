"""What the templates of a digest are told: plain words, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from bulletin_site.links import absolute
from bulletin_site.mail.colours import colours
from digests import composing
from digests.models import Article, Digest, Issue, Section
from digests.printing.blocks import Cut

HOME = "digests:bulletin"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a mail shows it."""

    cut: str
    title: str
    source: str
    lead: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section as a mail shows it: `listed` begins its line in the contents, `cut` its head."""

    listed: str
    cut: str
    anchor: str
    title: str
    entries: list[Entry]


def date_in_words(issue: Issue) -> str:
    """The issue's date as the language in force writes it: 2026年9月, September 2026."""
    year, month, day = [*issue.date.split("-"), "", ""][:3]
    try:
        if day:
            return date_format(date(int(year), int(month), int(day)), "DATE_FORMAT")
        if month:
            return date_format(date(int(year), int(month), 1), "YEAR_MONTH_FORMAT")
    except ValueError:
        return issue.date
    if year or issue.published_at is None:
        return issue.date
    return date_format(timezone.localtime(issue.published_at), "DATE_FORMAT")


def title_of(section: Section, *, language: str) -> str:
    """The section's title as printed, or its topic's name for readers of another language."""
    foreign = language != section.issue.bulletin.language
    topic = section.topic.name_in(language) if section.topic else ""
    return composing.one_line((foreign and topic) or section.title or topic)


def context(
    digest: Digest,
    sections: Iterable[Section],
    *,
    language: str,
    cut: Cut,
    reader: Mapping[str, str],
) -> dict[str, object]:
    """What the digest's templates are told; `cut` and `reader` give the marks of a printing."""
    issue, bulletin = digest.issue, digest.issue.bulletin
    return {
        "language": language,
        "bulletin": bulletin,
        "issue": issue,
        "date": date_in_words(issue),
        "colours": colours(bulletin.accent),
        "parts": [part(digest, section, language=language, cut=cut) for section in sections],
        "cut": cut(None),
        "reader": reader,
        "archive": absolute(HOME, bulletin.slug),
        "on_the_web": absolute("digests:issue", bulletin.slug, issue.pk),
        "pdf": absolute("digests:pdf", bulletin.slug, issue.pk),
    }


def part(digest: Digest, section: Section, *, language: str, cut: Cut) -> Part:
    """A section with its articles; its marks name the topic's place in the digest."""
    topic = digest.topics.index(section.topic_id)
    return Part(
        listed=cut(topic),
        cut=cut(topic),
        anchor=f"section-{section.pk}",
        title=title_of(section, language=language),
        entries=[entry(article, cut=cut(topic)) for article in section.articles.all()],
    )


def entry(article: Article, *, cut: str) -> Entry:
    """An article's headline, source, lead and the address of the whole."""
    issue = article.section.issue
    return Entry(
        cut=cut,
        title=composing.one_line(article.title),
        source=composing.one_line(article.source),
        lead=composing.lead(article.passages),
        url=absolute("digests:article", issue.bulletin.slug, issue.pk, article.pk),
    )
