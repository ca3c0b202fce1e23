"""The arrows beside sections and articles."""

from __future__ import annotations

from django.utils.translation import gettext as _

from issues import editing
from issues.models import Article, Issue, Section


class RowDeleted(Exception):
    """The row to be moved was deleted meanwhile."""


def move(issue: Issue, what: str) -> tuple[str, str]:
    """Move as a button says, "section 12 up" or "article 7 down". Returns the anchor of where to
    look afterwards, and a sentence for the history; both "" where it says nothing. Raises
    RowDeleted."""
    kind, _space, rest = what.partition(" ")
    pk, _space, direction = rest.partition(" ")
    by = {"up": -1, "down": 1}.get(direction)
    if by is None or not pk.isdecimal() or kind not in {"section", "article"}:
        return "", ""
    row = _section(issue, pk, by) if kind == "section" else _article(issue, pk, by)
    sentence = _("Moved “%(what)s” up.") if by < 0 else _("Moved “%(what)s” down.")
    return f"#{kind}-{pk}", sentence % {"what": row}


def _section(issue: Issue, pk: str, by: int) -> Section:
    section = issue.sections.filter(pk=pk).first()
    if section is None:
        raise RowDeleted
    editing.move(section, among=Section.objects.filter(issue=issue), by=by)
    return section


def _article(issue: Issue, pk: str, by: int) -> Article:
    article = Article.objects.filter(section__issue=issue, pk=pk).first()
    if article is None:
        raise RowDeleted
    siblings = Article.objects.filter(section=article.section_id)
    editing.move(article, among=siblings.defer("passages", "places"), by=by)
    return article
