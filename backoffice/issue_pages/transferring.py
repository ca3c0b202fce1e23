"""Moving a draft to the bulletin that it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backoffice.history import LogChange
from digests import publish_warnings
from issues import transfer
from issues.editing.history import Submission
from issues.models import Issue
from publications import rights
from publications.models import Bulletin


def transfer_view(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    """Move the draft to the bulletin that was chosen. Twice is once."""
    chosen = request.POST.get("bulletin", "")
    bulletin = get_object_or_404(_theirs(request), pk=int(chosen) if chosen.isdecimal() else 0)
    sent = Submission(by=request.user.pk, made_from=issue.version, at=timezone.now())
    was = issue.bulletin
    try:
        with transaction.atomic():
            transfer.transfer(issue, bulletin, sent)
            if bulletin.pk != was.pk:
                moved = _("Moved to the bulletin %(bulletin)s.") % {"bulletin": bulletin}
                before, after = {"bulletin": str(was)}, {"bulletin": str(bulletin)}
                log_change(request, issue, moved, act="issue.moved", before=before, after=after)
    except transfer.NotADraft:
        messages.warning(request, _("Only a draft can be moved to another bulletin."))
    except transfer.AlreadyThere as error:
        there = reverse("admin:issues_issue_change", args=(error.issue.pk,))
        words = _("That bulletin has an issue from the same file:")
        link = format_html('{} <a href="{}">{}</a>', words, there, error.issue)
        messages.warning(request, link)
    else:
        if bulletin.pk != was.pk:
            messages.success(request, moved)
    return redirect("admin:issues_issue_change", issue.pk)


def _theirs(request: HttpRequest) -> QuerySet[Bulletin]:
    return rights.bulletins(request.user, "issues.add_issue")


def context(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Return the bulletins that a draft may be moved to, and the warning that it should be. Two
    queries at most."""
    if issue.status != Issue.Status.DRAFT:
        return {}
    bulletins = list(_theirs(request))
    return {
        "other_bulletins": [one for one in bulletins if one.pk != issue.bulletin_id],
        "foreign": publish_warnings.of_title(issue, bulletins),
    }
