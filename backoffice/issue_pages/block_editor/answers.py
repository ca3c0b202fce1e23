"""The answers to the page's script: the parts that changed, each to be put in its place (htmx,
out of band)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from msgspec.structs import replace

from backoffice.issue_pages import page_images
from backoffice.issue_pages.block_editor import anchors, kept, page, review_points, shown
from backoffice.issue_pages.block_editor import changes as comparing
from backoffice.issue_pages.block_editor.editors import Editor
from backoffice.issue_pages.block_editor.page import Opened
from digests import releasing
from issues import at_work
from issues.editing import revisions
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
from issues.editing.history import Made
from issues.models import Issue, Presence, Revision

MAX_DIGITS = 10  # of the number of a version


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
    made: Made | None = None,
    closes: str = "",
    gone: str = "",
) -> HttpResponse:
    """Return the parts that differ between what the page shows, the version `seen`, and what is
    stored: after the act that was just `made`, if one was. The editor `closes` was saved; the part
    `gone` is not there any more, and what was typed in it is shown."""
    draft = made.after if made and made.new else releasing.as_edited(issue)
    context = {
        **_changed(issue, draft, base=_base(request, issue, made)),
        **page.state_of(issue, draft),
        "says": says,
        "others": others,
        "added": made.revision.act if made else None,  # its form is empty again, and no other is
    }
    if gone:
        texts = at_work.kept(issue, page.user_id(request)).values()
        context["gone"] = [*context.get("gone", ()), gone]
        context["kept"] = [one for one in kept.words_of(issue, draft, texts) if not one.is_there]
    response = render(request, "admin/issues/block_editor/answer.html", context)
    if closes:
        response["Bulletin-Closes"] = closes
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
        article = article_at(draft, spot_of_article(draft, anchors.key_of(name)))
        return {"article": shown.shown_article(article)}
    if kind == "head":
        section = section_at(draft, spot_of_section(draft, anchors.key_of(name)))
        topics = page.topics_by_id(issue)
        return {"section": shown.shown_section(replace(section, articles=()), topics=topics)}
    return {}


def _base(request: HttpRequest, issue: Issue, made: Made | None) -> Draft | None:
    """Return the state that the page shows; None where it is not known."""
    seen = request.POST.get("seen", "")
    if made and made.new and seen == str(made.before.version):
        return made.before
    try:
        return revisions.state(
            issue, int(seen) if seen.isdecimal() and len(seen) < MAX_DIGITS else -1
        )
    except Revision.DoesNotExist:
        return None


def _changed(issue: Issue, draft: Draft, *, base: Draft | None) -> dict[str, Any]:
    """Return the context of the changed parts, of all of them where `base` is not known."""
    context = page.shared(issue, may_edit=True) | {"draft": draft}
    topics = page.topics_by_id(issue)
    if base is None:
        everything = shown.shown_draft(draft, topics=topics)
        return context | {"everything": everything, **_around(issue, draft, base=None)}
    found = comparing.between(base, draft)
    below = shown.remnants_by_article(draft)
    sections = {one.key: one for one in draft.sections}
    articles = {one.key: one for one in draft.articles}

    def section(key: int) -> shown.ShownSection:
        return shown.shown_section(sections[key], topics=topics, below=below)

    def head(key: int) -> shown.ShownSection:
        return shown.shown_section(replace(sections[key], articles=()), topics=topics)

    def article(key: int) -> shown.ShownArticle:
        return shown.shown_article(articles[key], below=below.get(key, ()))

    return context | {
        "gone": found.gone,
        "above": shown.shown_remnants(below.get(0, ())) if found.above else None,
        "new_sections": [(where, section(key)) for where, key in found.new_sections],
        "new_articles": [(where, article(key)) for where, key in found.new_articles],
        "heads": [head(key) for key in found.heads],
        "articles": [article(key) for key in found.articles],
        "facts_changed": base.facts != draft.facts,
        **(_around(issue, draft, base=base) if base != draft else {}),
    }


def _around(issue: Issue, draft: Draft, *, base: Draft | None) -> dict[str, Any]:
    """Return what stands around the document: the points to review, the bin; the pages where their
    marks differ from those that are shown."""
    marks = review_points.pages_to_review(issue, draft)
    same = (
        base is not None
        and base.files == draft.files
        and review_points.pages_to_review(issue, base) == marks
    )
    return {
        "around": True,
        "review_points": review_points.review_points_of(issue, draft),
        "pages": [] if same else page_images.of_issue(issue, marks=marks),
        "bin": [(one, name_of(one.thing)) for one in reversed(draft.bin)],
        "unknown": sum(one.topic is None and not one.not_for_mailing for one in draft.sections),
    }
