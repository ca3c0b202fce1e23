"""The page on which an issue is read again: the difference, and one press that takes it."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.history import record
from backoffice.issue_pages.block_editor import act_words, answers
from backoffice.issue_pages.block_editor.acting import MAX_TOKEN, number
from backoffice.issue_pages.block_editor.history_pages import compared
from backoffice.issue_pages.block_editor.page import user_id
from foundation.enqueue import enqueue
from issues import parse_messages, reading_again
from issues.editing import storage
from issues.editing.describing import words_of
from issues.editing.history import NotEditable, Submission
from issues.editing.refusals import ActRefused
from issues.models import Issue, Rereading
from issues.tasks import read_issue_again
from pdf_reading.issue_text import to_json


def again_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Ask for a new reading, show what it would change, and take it when that is pressed."""
    if "ask" in request.POST:
        reading_again.ask(issue, at=timezone.now())
        enqueue(read_issue_again, issue.pk)
        return redirect("admin:issues_issue_again", issue.pk)
    if "take" in request.POST:
        return _take(request, issue)
    return render(request, "admin/issues/block_editor/again.html", _context(request, issue))


def _context(request: HttpRequest, issue: Issue) -> dict[str, object]:
    rereading = Rereading.objects.filter(issue=issue).defer("draft").first()
    context = answers.page_context(request, issue) | {
        "title": _("Read the files again"),
        "rereading": rereading,
        "unreadable": parse_messages.unreadable(rereading.failure) if rereading else "",
        "is_draft": issue.status == Issue.Status.DRAFT,
        "version": issue.version,
        "token": secrets.token_hex(8),
    }
    try:
        found = reading_again.candidate(issue)
    except reading_again.NothingRead:
        return context
    now = storage.load(issue)
    return context | {
        "candidate": found,
        "compared": list(compared(now, found.draft)),
        "lost": [
            act_words.of_act(to_json(act), words_of(to_json(act), before=now, after=now))
            for act in found.lost
        ],
    }


def _take(request: HttpRequest, issue: Issue) -> HttpResponse:
    sent = Submission(
        by=user_id(request),
        made_from=number(request.POST.get("version", "")),
        at=timezone.now(),
        token=request.POST.get("token", "")[:MAX_TOKEN],
    )
    try:
        reading_again.take(issue, sent)
    except reading_again.NothingRead:
        messages.info(request, _("This was taken before, or there is no new reading."))
    except (ActRefused, NotEditable) as error:
        messages.warning(request, act_words.why_not(error))
    else:
        record(request, "issue.read_again", issue)
        messages.success(request, _("The new reading is the draft now. It can be undone."))
    return redirect("admin:issues_issue_change", issue.pk)
