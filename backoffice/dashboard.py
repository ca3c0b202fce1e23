"""The editor's first page: what is to be done, what is under way, what was published last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from digests import alarms, monitoring, reporting
from digests.models import Digest
from issues import parse_messages
from issues.models import Issue
from publications.models import Bulletin

MOST = 5  # of each kind; the lists have the rest


def index(request: HttpRequest) -> HttpResponse:
    """The admin's index with the desk on top, for those who may see issues."""
    seen = request.user.has_perm("issues.view_issue")
    return admin.site.index(request, {"desk": _desk()} if seen else None)


def _desk() -> dict[str, Any]:
    """Sixteen questions, and nine more for each digest that is under way."""
    at = timezone.now()
    issues = Issue.objects.select_related("bulletin").order_by("-uploaded_at")
    return {
        "alarms": alarms.sentences(monitoring.checks(at=at)),
        "bulletins": Bulletin.objects.exists(),
        "being_read": issues.filter(status=Issue.Status.UPLOADED)[:MOST],
        "unreadable": list(_unreadable(issues)),
        "drafts": issues.filter(status=Issue.Status.DRAFT).annotate(unknown=_unknown())[:MOST],
        "under_way": list(_under_way(at)),
        "undecided": _undecided()[:MOST],
        "published": issues.published().order_by("-published_at")[:MOST],
    }


def _unknown() -> Count:
    """How many sections of an issue nobody said the topic of."""
    return Count("sections", filter=Q(sections__topic=None, sections__not_for_mailing=False))


def _unreadable(issues: QuerySet[Issue]) -> Iterator[dict[str, Any]]:
    for issue in issues.filter(status=Issue.Status.UNREADABLE)[:MOST]:
        yield {"issue": issue, "reason": parse_messages.unreadable(issue.unreadable_reason)}


def _undecided() -> QuerySet[Digest]:
    """The digests of which somebody has to say what became of uncertain deliveries."""
    digests = Digest.objects.filter(outcome__counts__uncertain__gt=0)
    return digests.with_titles().defer("blocks")


def _under_way(at: datetime) -> Iterator[dict[str, Any]]:
    unfinished = Digest.objects.unfinished().with_titles().defer("blocks")
    for digest in unfinished[:MOST]:
        report = reporting.progress(digest, at=at)
        yield {
            "digest": digest,
            "sentence": reporting.sentence(digest, report),
            "wrong": reporting.is_wrong(digest, report),
            "settled": report.counts.settled,
            "readers": max(report.counts.candidates, 1),
        }
