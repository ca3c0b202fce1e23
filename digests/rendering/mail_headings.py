"""Headings and dates of sections and issues in a mail, in a reader's language."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from issues import excerpts, issue_dates
from issues.models import Issue, Section


def heading_of(section: Section | None, *, language: str) -> tuple[str, str]:
    """The section's title as printed, or its topic's name for readers of another language, and
    in which language that is; for None the head of what keyword alerts match."""
    if section is None:
        return gettext("What you watch for"), language
    printed_in = section.issue.bulletin.language
    topic = section.topic.name_in(language) if section.topic else ""
    if topic and (language != printed_in or not section.title):
        return excerpts.one_line(topic), language
    return excerpts.one_line(section.title), printed_in


def date_in_words(issue: Issue) -> str:
    """The issue's date as the language in force writes it: 2026年9月, September 2026. Without one,
    the day on which it was published."""
    if issue.date or issue.published_at is None:
        return issue_dates.in_words(issue.date)
    return date_format(timezone.localtime(issue.published_at), issue_dates.day_format())


def issue_in_words(issue: Issue) -> str:
    """Return the issue as it is named beside an article: No. 12, 1 June 2026."""
    return " ".join(filter(None, [issue.number, date_in_words(issue)]))
