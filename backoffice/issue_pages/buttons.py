"""The buttons of an issue's form, each of which saves it and does one thing more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backoffice.history import LogChange
from backoffice.issue_pages import moving, removing, taking_in
from issues import editing, parse_messages
from issues.models import Issue, Section


def remove_ticked(
    request: HttpRequest, issue: Issue, *, log_change: LogChange
) -> HttpResponse | None:
    """Delete empty sections. Returns the page that asks whether to delete the others."""
    ticked: list[Section] = getattr(issue, "ticked", [])
    filled = {one.pk for one in ticked if one.articles.exists()}
    empty = [one for one in ticked if one.pk not in filled]
    removing.remove(request, issue, empty, log_change=log_change)
    if not filled:
        return None
    here = reverse("admin:issues_issue_remove", args=(issue.pk,))
    return redirect(f"{here}?{urlencode({'section': sorted(filled)}, doseq=True)}")


def press(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> str:
    """Do what was pressed, and log it. Returns the anchor of where to look afterwards."""
    if "_restore" in request.POST:
        pk = request.POST["_restore"]
        return removing.restore(request, issue, pk, log_change=log_change)
    if "_take_in" in request.POST:
        pk = request.POST["_take_in"]
        return taking_in.take_in(request, issue, pk, log_change=log_change)
    if "_make_topics" in request.POST:
        made = editing.make_topics(issue)
        if made:
            names = {"topics": parse_messages.listed([str(topic) for topic in made])}
            log_change(request, issue, _("Made topics: %(topics)s.") % names)
        left = issue.sections.unknown().first()
        return f"#section-{left.pk}" if left else ""
    if "_add_section" in request.POST:
        log_change(request, issue, _("Added a section."))
        return f"#section-{editing.add_section(issue).pk}"
    return _move(request, issue, log_change=log_change)


def _move(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> str:
    try:
        anchor, sentence = moving.move(issue, request.POST.get("_move", ""))
    except moving.RowDeleted:
        messages.warning(request, _("What was to be moved was deleted meanwhile."))
        return ""
    log_change(request, issue, sentence)
    return anchor
