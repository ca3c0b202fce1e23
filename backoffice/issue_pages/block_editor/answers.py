"""The answers to the page's script: the parts that changed, each to be put in its place (htmx,
out of band)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.issue_pages import page_images
from backoffice.issue_pages.block_editor import changes as comparing
from backoffice.issue_pages.block_editor import editors, page, review_points, shown
from backoffice.issue_pages.block_editor.editors import Editor
from backoffice.issue_pages.block_editor.page import Opened
from issues.editing import history, storage
from issues.editing.describing import name_of
from issues.editing.document import (
    Draft,
    Gone,
    article_at,
    block_at,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
)
from issues.models import Issue, Presence, Revision


def is_script(request: HttpRequest) -> bool:
    """Return whether the page's script asks."""
    return request.headers.get("HX-Request") == "true"


def changes(
    request: HttpRequest,
    issue: Issue,
    *,
    says: str = "",
    look_at: str = "",
    others: Iterable[Presence] | None = None,
) -> HttpResponse:
    """Return the parts that differ between what the page shows, the version `seen`, and what is
    stored."""
    draft = storage.load(issue)
    context = {
        **_changed(request, issue, draft),
        **page.state_of(issue, draft),
        "says": says,
        "others": others,
    }
    response = render(request, "admin/issues/block_editor/answer.html", context)
    if look_at:
        response["HX-Trigger-After-Settle"] = f'{{"look-at": "{look_at}"}}'
    return response


def part(
    request: HttpRequest,
    issue: Issue,
    draft: Draft,
    *,
    editor: Editor | None = None,
    opened: Opened | None = None,
    anchor: str = "",
) -> HttpResponse:
    """Return one part of the page, opened; an editor in conflict is put out of band."""
    opened = Opened(editor.anchor, editor=editor) if editor else opened or Opened()
    anchor = opened.anchor or anchor
    context = {
        **page.shared(issue, may_edit=True),
        "opened": opened,
        "oob": editor is not None,
        "draft": draft,
        **_thing(issue, draft, anchor),
    }
    return render(request, f"admin/issues/block_editor/{_template(anchor)}", context)


def page_context(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Return the context of a whole page of the admin about an issue."""
    return {
        **admin.site.each_context(request),
        "opts": Issue._meta,
        "issue": issue,
        "bulletin": issue.bulletin,
        "title": str(issue),
    }


_TEMPLATES = {
    "block": "_block.html",
    "title": "_article_head.html",
    "head": "_section_head.html",
    "facts": "_facts.html",
}


def _template(anchor: str) -> str:
    kind = anchor.partition("-")[0]
    if kind not in _TEMPLATES or (kind == "facts" and anchor != kind):
        raise Gone
    return _TEMPLATES[kind]


def _thing(issue: Issue, draft: Draft, anchor: str) -> dict[str, Any]:
    kind, _dash, name = anchor.partition("-")
    if kind == "block":
        return {"block": shown.shown_block(block_at(draft, spot_of_block(draft, name)))}
    if kind == "title":
        article = article_at(draft, spot_of_article(draft, editors.key_of(name)))
        return {"article": shown.shown_article(article)}
    if kind == "head":
        section = section_at(draft, spot_of_section(draft, editors.key_of(name)))
        topics = {one.pk: one for one in issue.bulletin.topics.all()}
        return {
            "section": shown.ShownSection(section, topics.get(section.topic or 0), ()),
        }
    return {}


def _changed(request: HttpRequest, issue: Issue, draft: Draft) -> dict[str, Any]:
    """Return the context of the changed parts; where it is not known what the page shows, all of
    it is new."""
    seen = request.POST.get("seen", "")
    context = page.shared(issue, may_edit=True) | {"draft": draft}
    topics = {one.pk: one for one in issue.bulletin.topics.all()}
    shown_draft = shown.shown_draft(draft, topics=topics)
    try:
        base = history.state(issue, int(seen) if seen.isdecimal() else -1)
    except Revision.DoesNotExist:
        return context | {"everything": shown_draft, **_around(issue, draft)}
    found = comparing.between(base, draft, busy=_busy(request))
    sections = {one.section.key: one for one in shown_draft.sections}
    articles = {one.article.key: one for of in shown_draft.sections for one in of.articles}
    return context | {
        "gone": found.gone,
        "new_sections": [(where, sections[key]) for where, key in found.new_sections],
        "new_articles": [(where, articles[key]) for where, key in found.new_articles],
        "heads": [sections[key] for key in found.heads],
        "articles": [articles[key] for key in found.articles],
        "left": found.left,
        "facts_changed": base.facts != draft.facts,
        **(_around(issue, draft) if base != draft else {}),
    }


def _around(issue: Issue, draft: Draft) -> dict[str, Any]:
    """Return what stands around the document: the points to review, the bin."""
    return {
        "around": True,
        "review_points": review_points.review_points_of(issue, draft),
        "pages": page_images.of_issue(issue, marks=review_points.pages_to_review(issue, draft)),
        "bin": [(one, name_of(one.thing)) for one in reversed(draft.bin)],
        "unknown": sum(one.topic is None and not one.not_for_mailing for one in draft.sections),
    }


def _busy(request: HttpRequest) -> Collection[int]:
    """Return the articles in which the page has an editor open."""
    keys = request.POST.get("busy", "").split(",")
    return {int(key) for key in keys if key.isdecimal()}
