"""The editor's dashboard: what is to be done, what is being mailed, what was published last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.by_bulletin import seen
from backoffice.issue_pages import appearance
from digests import alarms, monitoring, progress_sentences, reporting
from digests.models import Digest
from issues import parse_messages
from issues.models import Issue
from publications import rights
from subscribers import growth

MAX_ROWS = 5  # of each kind; the lists have the rest


def index(request: HttpRequest) -> HttpResponse:
    """Return the admin's index, below the dashboard for those who may see issues."""
    at = timezone.now()
    context: dict[str, Any] = {}
    if request.user.has_perm("issues.view_issue"):
        context["dashboard"] = _dashboard(request, at)
        if request.user.has_perm("subscribers.view_subscriber"):
            within = rights.where(request.user, "subscribers.view_subscriber")
            context["growth"] = growth.growth(at=at, within=within)
    return admin.site.index(request, context)


def _dashboard(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """Return what the template shows, of the bulletins of who asks: seventeen
    queries, and nine more for each digest that is being mailed."""
    theirs: Any = seen(request, Issue.objects.all())
    mailed: Any = rights.limit(
        Digest.objects.all(), rights.where(request.user, "issues.view_issue")
    )
    issues = theirs.select_related("bulletin").order_by("-uploaded_at")
    return {
        "alarms": alarms.sentences(monitoring.checks(at=at)),
        "bulletins": rights.bulletins(request.user, "issues.view_issue").exists(),
        "being_read": issues.filter(status=Issue.Status.UPLOADED)[:MAX_ROWS],
        "unreadable": list(_unreadable(issues)),
        "missed": [_scheduled(issue) for issue in issues.missed()[:MAX_ROWS]],
        "scheduled": [_scheduled(issue) for issue in issues.scheduled()[:MAX_ROWS]],
        "drafts": _drafts(issues)[:MAX_ROWS],
        "being_mailed": list(_being_mailed(mailed, at)),
        "uncertain": _with_uncertain(mailed)[:MAX_ROWS],
        "published": issues.published().order_by("-published_at")[:MAX_ROWS],
        "more": _more(theirs),
    }


def _drafts(issues: QuerySet[Issue]) -> QuerySet[Any]:
    drafts = issues.filter(status=Issue.Status.DRAFT, publish_at=None)
    return drafts.annotate(unknown=_unknown())


def _scheduled(issue: Issue) -> dict[str, Any]:
    return {"issue": issue, **appearance.context(issue)}


def _more(issues: QuerySet[Issue]) -> dict[str, int]:
    """Return by status how many issues there are beside those that are shown."""
    counted = (
        issues.filter(publish_at=None).order_by().values_list("status").annotate(number=Count("pk"))
    )
    return {status: number - MAX_ROWS for status, number in counted if number > MAX_ROWS}


def _unknown() -> Count:
    """Count the sections of an issue that have no topic yet."""
    return Count("sections", filter=Q(sections__topic=None, sections__not_for_mailing=False))


def _unreadable(issues: QuerySet[Issue]) -> Iterator[dict[str, Any]]:
    for issue in issues.filter(status=Issue.Status.UNREADABLE)[:MAX_ROWS]:
        yield {
            "issue": issue,
            "reason": parse_messages.unreadable(
                issue.unreadable_reason, file_name=issue.unreadable_file
            ),
        }


def _with_uncertain(digests: Any) -> QuerySet[Digest]:
    """Return the digests of which somebody has to resolve uncertain deliveries."""
    found: QuerySet[Digest] = (
        digests.filter(outcome__counts__uncertain__gt=0).with_titles().defer("blocks", "texts")
    )
    return found


def _being_mailed(digests: Any, at: datetime) -> Iterator[dict[str, Any]]:
    unfinished = digests.unfinished().with_titles().defer("blocks", "texts")
    for digest in unfinished[:MAX_ROWS]:
        report = reporting.progress(digest, at=at)
        yield {
            "digest": digest,
            "sentence": progress_sentences.sentence(digest, report),
            "wrong": reporting.is_wrong(digest, report),
            "settled": report.counts.settled,
            "readers": max(report.counts.candidates, 1),
        }
