"""Publishing an issue: the editor sees a preview, and is asked once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.by_bulletin import may
from backoffice.history import LogChange
from backoffice.issue_pages import appearance
from backoffice.mailing_pages import progress
from digests import obstacles, preview, publish_warnings, publishing
from foundation.response_headers import WITH_FRAME, allows
from issues import parse_messages
from issues.models import Issue
from publications import rights, sender_headers

PERMISSION = "issues.publish_issue"
MAX_NAMES = 10  # of those who may


def may_publish(request: HttpRequest, row: Any) -> bool:
    """Return whether this user may publish and mail an issue, or what else belongs to its bulletin;
    who may edit need not."""
    return may(request, PERMISSION, row)


def permission_context(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Return the context of a page: whether this user may publish, and if not, who may."""
    if may_publish(request, issue):
        return {"may_publish": True}
    staff = rights.who_may(PERMISSION, issue.bulletin_id)[:MAX_NAMES]
    names = parse_messages.listed(user.get_full_name() or user.get_username() for user in staff)
    return {"may_publish": False, "publishers": names}


def forbidden(request: HttpRequest, issue: Issue, context: dict[str, Any]) -> HttpResponse:
    """Respond that this user may not publish and mail, and who may."""
    context = context | {"title": _("You may not publish"), "issue": issue}
    context |= permission_context(request, issue)
    template = "admin/issues/issue/may_not_publish.html"
    return render(request, template, context, status=HTTPStatus.FORBIDDEN)


@allows(WITH_FRAME)
def publish_view(
    request: HttpRequest, issue: Issue, context: dict[str, Any], *, log_change: LogChange
) -> HttpResponse:
    """Show a preview and ask on GET; publish or schedule on POST. Twice is once."""
    form = appearance.AppearanceForm(
        issue.bulletin, request.POST if "_appear" in request.POST else None
    )
    try:
        done = _press(request, issue, form, log_change=log_change)
    except publishing.NotReady as error:
        return _not_ready(request, issue, error.reasons)
    if done is not None:
        return done
    if reasons := _obstacles(issue):
        return _not_ready(request, issue, reasons)
    context = context | {
        "title": _("Publish this issue?"),
        "issue": issue,
        "preview": preview.preview_publishing(issue, at=timezone.now()),
        "warnings": publish_warnings.of_draft(issue),
        "sender": sender_headers.in_words(issue.bulletin),
        "form": form,
        **appearance.context(issue),
    }
    return render(request, "admin/issues/issue/publish.html", context)


def _press(
    request: HttpRequest,
    issue: Issue,
    form: appearance.AppearanceForm,
    *,
    log_change: LogChange,
) -> HttpResponse | None:
    """Do what was pressed. Returns None where nothing was, or its form is wrong."""
    if request.method != "POST":
        return None
    if "_tomorrow" in request.POST:
        return appearance.tomorrow(request, issue, log_change=log_change)
    if "_appear" in request.POST:
        return appearance.choose(request, issue, form, log_change=log_change)
    return _publish(request, issue, log_change=log_change)


def _publish(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    at = timezone.now()
    with transaction.atomic():
        digest = publishing.publish(issue, at=at)
        new = digest.opened_at == at  # or somebody else published it, or the first of two presses
        readers = sum(preview.reached(issue, at=at).values()) if new else 0
        if new:
            said = _history_entry(readers)
            log_change(request, issue, said, act="issue.published", after={"readers": readers})
    if not new:
        messages.info(request, _("This issue was published before; nothing was mailed again."))
        return redirect("admin:issues_issue_change", issue.pk)
    progress.enqueue_sending(request, digest)
    if readers:
        messages.success(request, _("Published. The digests are on their way."))
    else:
        messages.warning(request, _("Published. No reader follows any of its sections yet."))
    return redirect("admin:issues_issue_change", issue.pk)


def _history_entry(readers: int) -> str:
    return ngettext(
        "Published, and mailed to %(readers)d reader.",
        "Published, and mailed to %(readers)d readers.",
        readers,
    ) % {"readers": readers}


def _obstacles(issue: Issue) -> tuple[str, ...]:
    if issue.status == Issue.Status.DRAFT:
        return tuple(map(str, obstacles.of_draft(issue)))
    published = issue.status == Issue.Status.PUBLISHED
    return (
        _("This issue is published already.") if published else _("Only a draft can be published."),
    )


def _not_ready(request: HttpRequest, issue: Issue, reasons: tuple[str, ...]) -> HttpResponse:
    for reason in reasons:
        messages.warning(request, reason)
    return redirect("admin:issues_issue_change", issue.pk)
