"""The pages on which an issue, or an article of it, is withdrawn, and put back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.history import LogChange
from digests import withdrawal
from issues.models import Article, Issue
from issues.models.issue import MAX_WITHDRAWAL


class WithdrawalForm(forms.Form):
    """The sentence for readers who come to the page."""

    because = forms.CharField(
        label=gettext_lazy("What its readers are told (may be left empty)"),
        max_length=MAX_WITHDRAWAL,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def withdraw_view(
    request: HttpRequest,
    issue: Issue,
    article: Article | None,
    context: dict[str, Any],
    *,
    log_change: LogChange,
) -> HttpResponse:
    """Ask on GET; withdraw the article, or else the issue, on POST. Twice is once."""
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = context | {
            "title": _("Withdraw this article?") if article else _("Withdraw this issue?"),
            "issue": issue,
            "article": article,
            "form": form,
        }
        return render(request, "admin/issues/issue/withdraw.html", context)
    because, at = form.cleaned_data["because"], timezone.now()
    after = {"article": str(article)} if article else {}
    with transaction.atomic():
        if article:
            done = withdrawal.withdraw_article(article, because=because, at=at)
            entry, act = _("Withdrew “%(article)s”.") % after, "article.withdrawn"
        else:
            done = withdrawal.withdraw_issue(issue, because=because, at=at)
            entry, act = _("Withdrawn."), "issue.withdrawn"
        if done.new:
            log_change(request, issue, entry, act=act, after={**after, "because": because})
    if done.new:
        messages.success(request, entry)
    if done.paused:
        messages.warning(request, _paused(article))
    return redirect("admin:issues_issue_change", issue.pk)


def _paused(article: Article | None) -> str:
    if article is None:
        return _("Its mailing is paused: nobody gets more of it as long as it is withdrawn.")
    return _(
        "Its mailing is paused. Resume it below: who still waits gets the mail without this "
        "article."
    )


def restore(
    request: HttpRequest, issue: Issue, article: Article | None, *, log_change: LogChange
) -> HttpResponse:
    """Put the article, or else the issue, back on the web."""
    after = {"article": str(article)} if article else {}
    with transaction.atomic():
        if article:
            restored = withdrawal.restore_article(article)
            entry, act = _("Put “%(article)s” back on the web.") % after, "article.restored"
        else:
            restored = withdrawal.restore_issue(issue)
            entry, act = _("Put back on the web."), "issue.restored"
        if restored:
            log_change(request, issue, entry, act=act, after=after)
    if restored:
        messages.success(request, entry)
    return redirect("admin:issues_issue_change", issue.pk)
