"""The history of an issue: what was done by whom, any state looked at, compared, brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from audit_log.models import Entry as LogEntry
from backoffice.issue_pages.block_editor import act_words, answers, editing_spells, page, shown
from backoffice.log_pages import entry_words
from issues.editing import revisions
from issues.editing.document import Draft, DraftArticle
from issues.models import Issue, Revision

PER_PAGE = 100
_TOKENS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]\s*|[^\s\u2e80-\u9fff\uf900-\ufaff]+\s*|\s+")
MAX_COMPARED = 4_000  # words of an article that are compared word by word


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done: when, by whom, what; the revision that it made, if any."""

    at: datetime
    who: str
    what: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a compared text: `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An article in two states: its name, and its words."""

    name: str
    pieces: tuple[Piece, ...]


def history_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """List what was done, the latest first."""
    entries = sorted(_entries(issue), key=lambda one: (one.at, one.number or 0), reverse=True)
    listed = Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))
    context = answers.page_context(request, issue) | {
        "title": _("Who changed what"),
        "entries": listed,
        "current": issue.version,
    }
    return render(request, "admin/issues/block_editor/history.html", context)


def state_view(request: HttpRequest, issue: Issue, number: int, *, may_edit: bool) -> HttpResponse:
    """Show a state, and what differs between it and the present one. Raises Http404."""
    revision = issue.revisions.filter(number=number).defer("state").first()
    if revision is None:
        raise Http404
    about = issue.revisions.filter(number=act_words.is_about(revision)).defer("state").first()
    then, now = revisions.state(issue, number), revisions.state(issue, issue.version)
    topics = page.topics_by_id(issue)
    context = answers.page_context(request, issue) | {
        **page.shared(issue, may_edit=False),
        **page.state_of(issue, now),
        "title": _("Version %(number)d") % {"number": number},
        "entry": _entry(revision, about),
        "revision": revision,
        "draft": then,
        "shown": shown.shown_draft(then, topics=topics),
        "compared": list(compared(then, now)),
        "may_restore": may_edit and number != issue.version,
    }
    return render(request, "admin/issues/block_editor/state.html", context)


def compared(then: Draft, now: Draft) -> Iterator[Compared]:
    """Yield the articles that differ between two states, those that are gone and new too."""
    was = {article.key: article for article in then.articles}
    for article in now.articles:
        old = was.pop(article.key, None)
        if old != article:
            yield Compared(_name(article), tuple(_pieces(_words(old), _words(article))))
    for article in was.values():
        yield Compared(_name(article), tuple(_pieces(_words(article), [])))


def _pieces(was: list[str], now: list[str]) -> Iterator[Piece]:
    if max(len(was), len(now)) > MAX_COMPARED:
        yield from (Piece("gone", "".join(was)), Piece("new", "".join(now)))
        return
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(was[a:b]))
            continue
        if a < b:
            yield Piece("gone", "".join(was[a:b]))
        if c < d:
            yield Piece("new", "".join(now[c:d]))


def _words(article: DraftArticle | None) -> list[str]:
    """Return the words of an article, Chinese by character, each with the space behind it."""
    if article is None:
        return []
    lines = [article.title, article.subtitle, article.source, article.byline, article.date]
    texts = [text for block in article.blocks for text in block.passage.texts]
    return [
        token for line in filter(None, [*lines, *texts]) for token in (*_TOKENS.findall(line), "\n")
    ]


def _name(article: DraftArticle) -> str:
    return shown.shown_article(article).name or _("(without a title)")


def _entries(issue: Issue) -> Iterator[Entry]:
    revisions = issue.revisions.defer("state").select_related("made_by")
    by_number = {revision.number: revision for revision in revisions}
    for revision in by_number.values():
        yield _entry(revision, by_number.get(act_words.is_about(revision)))
    logged = LogEntry.objects.filter(issue_id=issue.pk).exclude(act=editing_spells.ACT)
    for one in logged:
        yield Entry(one.at, entry_words.who(one), entry_words.sentence(one))


def _entry(revision: Revision, about: Revision | None) -> Entry:
    who = str(revision.made_by) if revision.made_by else ""
    return Entry(revision.made_at, who, act_words.sentence(revision, about), revision.number)
