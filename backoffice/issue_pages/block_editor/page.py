"""The context of the page of an issue and of its parts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from msgspec import structs

from backoffice.issue_pages import page_images
from backoffice.issue_pages.block_editor import (
    act_words,
    anchors,
    editors,
    kept,
    menus,
    review_points,
    shown,
)
from backoffice.issue_pages.block_editor.anchors import ADD, EDIT
from backoffice.issue_pages.block_editor.editors import Editor
from backoffice.issue_pages.block_editor.menus import Menu
from digests import releasing
from issues import account_words, at_work
from issues.editing import history
from issues.editing.describing import name_of
from issues.editing.document import Draft, Gone, Remnant
from issues.models import Issue, KeptText
from pdf_reading.account import Destination
from publications.models import Topic

MENU = "menu"


@dataclass(frozen=True, slots=True)
class Opened:
    """The part of the page that is open, by its anchor: its menu, an editor in its place, or one
    below it."""

    anchor: str = ""
    menu: Menu | None = None
    editor: Editor | None = None
    below: Editor | None = None

    @property
    def form(self) -> Editor | None:
        """The editor, wherever it stands."""
        return self.editor or self.below


def context_of(request: HttpRequest, issue: Issue, *, may_edit: bool) -> dict[str, Any]:
    """Return the context of the whole page; `?at=…&open=…` opens a part of it."""
    draft = releasing.as_edited(issue)
    texts = at_work.kept(issue, user_id(request)) if may_edit else {}
    return {
        **shared(issue, may_edit=may_edit),
        **state_of(issue, draft),
        "draft": draft,
        "shown": shown.shown_draft(draft, topics=topics_by_id(issue)),
        "review_points": review_points.review_points_of(issue, draft) if may_edit else [],
        "pages": page_images.of_issue(
            issue, marks=review_points.pages_to_review(issue, draft) if may_edit else {}
        ),
        "kept": kept.words_of(issue, draft, texts.values()),
        "opened": _opened(request, issue, draft, texts) if may_edit else Opened(),
        "others": at_work.others(issue, user_id(request), at=timezone.now()),
        "account": _account(issue, draft),
        "bin": [(one, name_of(one.thing)) for one in reversed(draft.bin)],
    }


def context_of_article(
    request: HttpRequest, issue: Issue, key: int, *, may_edit: bool
) -> dict[str, Any]:
    """Return the context of the page of one article."""
    draft = releasing.as_edited(issue)
    texts = at_work.kept(issue, user_id(request)) if may_edit else {}
    whole = shown.shown_draft(draft, topics={})
    article = next(one for of in whole.sections for one in of.articles if one.article.key == key)
    return {
        **shared(issue, may_edit=may_edit),
        **state_of(issue, draft),
        "draft": draft,
        "article": article,
        "opened": _opened(request, issue, draft, texts) if may_edit else Opened(),
        "others": at_work.others(issue, user_id(request), at=timezone.now()),
    }


def shared(issue: Issue, *, may_edit: bool) -> dict[str, Any]:
    """Return what each part of the page needs."""
    return {
        "issue": issue,
        "bulletin": issue.bulletin,
        "may_edit": may_edit,
        "is_draft": issue.status == Issue.Status.DRAFT,
        "awaiting": releasing.awaiting(issue),
        "topics": list(issue.bulletin.topics.filter(retired_at__isnull=True)),
        "opened": Opened(),
        "token": secrets.token_hex(8),
        "parts": reverse("admin:issues_issue_part", args=(issue.pk, "x")).removesuffix("x/"),
    }


def state_of(issue: Issue, draft: Draft) -> dict[str, Any]:
    """Return what the bar shows: the version, when it was saved, what can be undone. Four
    queries."""
    undo, redo = history.can_undo(issue)
    last = issue.revisions.filter(number=draft.version).defer("state").first()
    return {
        "version": draft.version,
        "token": secrets.token_hex(8),
        "undo": act_words.sentence(undo) if undo else "",
        "redo": act_words.sentence(redo) if redo else "",
        "saved_at": last.made_at if last and last.act else None,
    }


def user_id(request: HttpRequest) -> int:
    """Return the id of the user who asks."""
    return int(request.user.pk or 0)


def open_part(
    issue: Issue, draft: Draft, anchor: str, how: str, texts: Mapping[str, KeptText]
) -> Opened:
    """Return a part opened: its menu, its editor, or an editor below it. Raises Gone."""
    kind, _dash, name = anchor.partition("-")
    if how == EDIT:
        return Opened(anchor, editor=editors.of_part(issue, draft, anchor, kept=texts))
    if how == ADD:
        below = f"after-{name}" if kind == "block" else f"start-{name}"
        return Opened(anchor, below=editors.of_part(issue, draft, below, kept=texts))
    if how == MENU:
        return Opened(anchor, menu=_menu(draft, kind, name))
    return Opened()


def _menu(draft: Draft, kind: str, name: str) -> Menu:
    if kind == "block":
        return menus.of_block(draft, name)
    if kind == "title":
        return menus.of_article(draft, anchors.key_of(name))
    if kind == "head":
        return menus.of_section(draft, anchors.key_of(name))
    raise Gone


def _opened(
    request: HttpRequest, issue: Issue, draft: Draft, texts: Mapping[str, KeptText]
) -> Opened:
    anchor, how = request.GET.get("at", ""), request.GET.get("open", "")
    try:
        return open_part(issue, draft, anchor, how, texts)
    except Gone:
        return Opened()


def _account(issue: Issue, draft: Draft) -> str:
    """Return what became of the characters of the pages, those that were taken in since too."""
    if not issue.account:
        return ""
    counts = dict(issue.account[0].counts)
    dropped = [one.thing for one in draft.bin if isinstance(one.thing, Remnant)]
    left = sum(len("".join(one.text.split())) for one in (*draft.remnants, *dropped))
    was = counts.get(Destination.LEFT_OVER, 0)
    left = min(left, was)
    counts[Destination.LEFT_OVER] = left
    counts[Destination.PARAGRAPH] = counts.get(Destination.PARAGRAPH, 0) + was - left
    now = {one: number for one, number in counts.items() if number}
    return account_words.sentence(structs.replace(issue.account[0], counts=now))


def topics_by_id(issue: Issue) -> dict[int, Topic]:
    """Return the topics of the bulletin of an issue, retired ones too. One query."""
    return {topic.pk: topic for topic in issue.bulletin.topics.all()}
