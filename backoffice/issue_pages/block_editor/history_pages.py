"""The history of an issue: what was done by whom, any state looked at, compared, brought back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from msgspec import structs

from audit_log.models import Entry as LogEntry
from backoffice.issue_pages.block_editor import act_words, answers, editing_spells, page, shown
from backoffice.log_pages import entry_words
from issues import markup
from issues.editing import revisions
from issues.editing.document import Draft, DraftArticle
from issues.models import Issue, Revision
from publications.models import Topic

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
        "compared": list(compared(then, now, topics=topics)),
        "may_restore": may_edit and number != issue.version,
    }
    return render(request, "admin/issues/block_editor/state.html", context)


def compared(then: Draft, now: Draft, *, topics: Mapping[int, Topic]) -> Iterator[Compared]:
    """Yield the contents of an issue where they differ between two states, and the articles that
    do, those that are gone and new too."""
    contents = [_tokens(_contents(one, topics)) for one in (then, now)]
    if contents[0] != contents[1]:
        yield Compared(_("Contents"), tuple(_pieces(*contents)))
    yield from compared_articles(then, now)


def compared_articles(then: Draft, now: Draft) -> Iterator[Compared]:
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
    """Return the words of an article, its text as editors write it."""
    if article is None:
        return []
    lines = [article.title, article.subtitle, article.source, article.byline, article.date]
    return _tokens([*lines, *(markup.write([block.passage]) for block in article.blocks)])


def _contents(draft: Draft, topics: Mapping[int, Topic]) -> Iterator[str]:
    """Yield the lines of an issue's contents: its facts, its sections and what they are about, the
    headlines, and what is not mailed."""
    yield from structs.astuple(draft.facts)
    for section in draft.sections:
        about = str(topics.get(section.topic or 0, ""))
        yield _line(section.title, about, not_for_mailing=section.not_for_mailing)
        for article in section.articles:
            yield "– " + _line(_name(article), "", not_for_mailing=article.not_for_mailing)


def _line(title: str, about: str, *, not_for_mailing: bool) -> str:
    left_out = _("not for mailing") if not_for_mailing else ""
    return " · ".join(filter(None, [title or _("(without a title)"), about, left_out]))


def _tokens(lines: Iterable[str]) -> list[str]:
    """Return the words of lines, Chinese by character, each with the space behind it."""
    return [token for line in filter(None, lines) for token in (*_TOKENS.findall(line), "\n")]


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
