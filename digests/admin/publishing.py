"""Publishing an issue: what will happen is said, and asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from digests import foreseeing, publishing
from digests.admin import progress
from digests.models import Issue


def page(
    request: HttpRequest, issue: Issue, context: dict[str, Any], *, log: Callable[..., object]
) -> HttpResponse:
    """GET says what will happen and asks; POST publishes. Twice is once."""
    if request.method == "POST":
        return _publish(request, issue, log=log)
    if reasons := _obstacles(issue):
        return _not_ready(request, issue, reasons)
    prospect = foreseeing.foresee(issue, at=timezone.now())
    told = context | {"title": _("Publish this issue?"), "issue": issue, "prospect": prospect}
    return render(request, "admin/digests/issue/publish.html", told)


def _publish(request: HttpRequest, issue: Issue, *, log: Callable[..., object]) -> HttpResponse:
    try:
        digest = publishing.publish(issue, at=timezone.now())
    except publishing.NotReady as error:
        return _not_ready(request, issue, error.reasons)
    progress.ring(request, digest)
    log(request, issue, [{"changed": {"fields": ["status"]}}])
    if foreseeing.anybody_follows(digest):
        messages.success(request, _("Published. The digests are on their way."))
    else:
        messages.warning(request, _("Published. No reader follows any of its sections yet."))
    return redirect("admin:digests_issue_change", issue.pk)


def _obstacles(issue: Issue) -> tuple[str, ...]:
    if issue.status == Issue.Status.DRAFT:
        return publishing.obstacles(issue)
    published = issue.status == Issue.Status.PUBLISHED
    return (
        _("This issue is published already.") if published else _("Only a draft can be published."),
    )


def _not_ready(request: HttpRequest, issue: Issue, reasons: tuple[str, ...]) -> HttpResponse:
    for reason in reasons:
        messages.warning(request, reason)
    return redirect("admin:digests_issue_change", issue.pk)
