"""The press by which an editor says with which article the mails of an issue begin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from backoffice.history import LogChange
from issues.models import Article, Issue


def context_of(issue: Issue, *, may_edit: bool) -> dict[str, Any]:
    """Return the articles among which may be chosen, in the order of the issue. One query."""
    if not may_edit or issue.status != Issue.Status.DRAFT:
        return {}
    return {"may_be_top": _articles(issue)}


def _articles(issue: Issue) -> list[Article]:
    """The articles that can stand in a mail, without their text."""
    return list(
        Article.objects.filter(section__in=issue.sections.mailed())
        .mailed()
        .standing()
        .named()
        .order_by("section__position", "position", "pk")
    )


def choose(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    """Have the mails of a draft begin with an article, or with none. Twice is once."""
    asked = request.POST.get("article", "")
    article = next((one for one in _articles(issue) if str(one.pk) == asked), None)
    top = article.pk if article else None
    if asked and article is None:
        messages.error(request, _("This article can stand in no mail."))
        return redirect("admin:issues_issue_change", issue.pk)
    said = _("The mails begin with “%(article)s”.") if article else _("There is no top story.")
    after = {"article": str(article) if article else ""}
    with transaction.atomic():
        drafts = Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT)
        new = issue.top_story != top and drafts.update(top_story=top)
        if new:
            act = "top_story.chosen" if article else "top_story.dropped"
            log_change(request, issue, said % after, act=act, after=after)
    if new:
        messages.success(request, said % after)
    return redirect("admin:issues_issue_change", issue.pk)
