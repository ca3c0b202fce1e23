"""Forms of rows that were deleted, or of an issue that was published, since the page was opened."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from issues.models import Article, Issue, Section

CARD = re.compile(r"sections-(\d+)-(\w+)")


def without_gone(data: Any, *, prefix: str, there: Container[int]) -> tuple[Any, list[str]]:
    """Drop the cards of sections that are not `there`. Returns the form, and a sentence on each."""
    cards = range(_number(data.get(f"{prefix}-INITIAL_FORMS")))
    kept = [n for n in cards if _number(data.get(f"{prefix}-{n}-id")) in there]
    if len(kept) == len(cards):
        return data, []
    rest = data.copy()
    card = re.compile(rf"(initial-)?{prefix}-(\d+)-(\w+)")
    for key in data:
        if match := card.fullmatch(key):
            values = rest.pop(key)
            if (n := int(match[2])) in kept:
                rest.setlist(f"{match[1] or ''}{prefix}-{kept.index(n)}-{match[3]}", values)
    for count in ("INITIAL", "TOTAL"):
        rest[f"{prefix}-{count}_FORMS"] = str(len(kept))
    return rest, [_gone(data, f"{prefix}-{n}-title") for n in cards if n not in kept]


def is_of_a_draft(data: Mapping[str, Any], issue: Issue) -> bool:
    """Return whether a form was filled in before its issue was published."""
    shown = data.get("_status") or ("draft" if "sections-0-title" in data else issue.status)
    return shown != issue.status == Issue.Status.PUBLISHED


def conflict(
    request: HttpRequest, context: dict[str, Any], *, issue: Issue | None, why: str
) -> HttpResponse:
    """Respond why nothing was saved, with what was typed, to be copied from there."""
    written = list(_written(request.POST, issue))
    context = context | {
        "title": _("Nothing was saved"),
        "issue": issue,
        "why": why,
        "written": written,
    }
    return render(request, "admin/issues/outdated.html", context, status=HTTPStatus.CONFLICT)


def _gone(data: Any, name: str) -> str:
    typed, shown = data.get(name, ""), data.get(f"initial-{name}", data.get(name, ""))
    sentence = _(
        "The section “%(title)s” was deleted meanwhile, in another window or by somebody else; "
        "what was chosen for it was not saved. Everything else of this page was."
    ) % {"title": shown or _("(without a title)")}
    return sentence if typed == shown else sentence + " " + _("You had written: “%s”") % typed


def _written(data: Any, issue: Issue | None) -> Iterator[tuple[str, str]]:
    """Yield the label and the value of each field that was changed in the form."""
    for name in data:
        shown = data.get(f"initial-{name}", "").replace("\r\n", "\n")
        typed = data[name].replace("\r\n", "\n")
        label = _label(data, name)
        if label and typed != shown:
            yield label, _in_words(name, typed, issue)


def _label(data: Any, name: str) -> str:
    """Return what the page called a field; "" for what no editor fills in."""
    if match := CARD.fullmatch(name):
        names = {"title": _("title"), "about": _("About"), "position": _("position")}
        title = data.get(f"initial-{match[0].rpartition('-')[0]}-title", "")
        field = names.get(match[2])
        return f"{title or _('(without a title)')}: {field}" if field else ""
    if name == "body":
        return _("Text")
    model = Article if "body" in data else Issue
    fields = {field.name: field for field in model._meta.fields if field.editable}
    return str(fields[name].verbose_name) if name in fields else ""


def _in_words(name: str, value: str, issue: Issue | None) -> str:
    if issue is None or not value.isdecimal():
        return {"new": _("Make a topic of this section"), "none": _("Not for mailing")}.get(
            value if name.endswith("-about") else "", value
        )
    if name.endswith("-about"):
        return str(issue.bulletin.topics.filter(pk=value).first() or value)
    if name == "section":
        return str(Section.objects.filter(pk=value).first() or value)
    return value


def _number(value: Any) -> int:
    return int(value) if str(value or "").isdecimal() else 0
