"""The page on which an issue is read again, also from another file: the difference, and one press
that takes it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.recording import record_act
from backoffice.issue_pages.block_editor import act_words, answers, page
from backoffice.issue_pages.block_editor.history_pages import compared
from backoffice.issue_pages.block_editor.sent_forms import submission_of
from backoffice.issue_pages.uploading import SUFFIXES, too_large, why_not
from foundation.enqueue import enqueue
from issues import parse_messages, reading_again
from issues.editing import storage
from issues.editing.describing import words_of
from issues.editing.history import NotEditable
from issues.editing.refusals import ActRefused
from issues.intake import upload
from issues.models import Issue, IssueFile, Rereading
from issues.tasks import read_issue_again
from pdf_reading.issue_text import to_json


class FileForm(forms.Form):
    """A file that was mended, in place of one of the issue, or one more."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )
    instead_of = forms.ModelChoiceField(
        IssueFile.objects.none(),
        label=gettext_lazy("In place of"),
        empty_label=gettext_lazy("none: it comes behind the others"),
        required=False,
    )

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = issue.files.in_use()
        self.fields["instead_of"].queryset = files  # type: ignore[attr-defined]
        if len(files) == 1:
            self.initial["instead_of"] = files[0].pk


def again_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Ask for a new reading, show what it would change, and take it when that is pressed."""
    form = FileForm(issue=issue)
    if "ask" in request.POST:
        return _ask(issue)
    if "propose" in request.POST:
        form = FileForm(request.POST, request.FILES, issue=issue)
        if (
            issue.status == Issue.Status.DRAFT
            and form.is_valid()
            and (files := _files(issue, form))
        ):
            return _ask(issue, files)
    if "take" in request.POST:
        return _take(request, issue)
    context = _context(request, issue) | {"form": form}
    return render(request, "admin/issues/block_editor/again.html", context)


def _ask(issue: Issue, files: Sequence[IssueFile] = ()) -> HttpResponse:
    reading_again.ask(issue, files=files, at=timezone.now())
    enqueue(read_issue_again, issue.pk)
    return redirect("admin:issues_issue_again", issue.pk)


def _files(issue: Issue, form: FileForm) -> list[IssueFile]:
    """Return the files of the issue with that of a valid form; none where it is refused, with an
    error."""
    sent = form.cleaned_data
    try:
        return upload.propose(issue, sent["file"], instead_of=sent["instead_of"])
    except upload.NotTaken as error:
        form.add_error("file", why_not(error, too_large=too_large()))
    return []


def _context(request: HttpRequest, issue: Issue) -> dict[str, object]:
    rereading = Rereading.objects.select_related("issue").filter(issue=issue).defer("draft").first()
    context = answers.page_context(request, issue) | {
        "title": _("Read the files again"),
        "rereading": rereading,
        "files": reading_again.files_of(rereading) if rereading else [],
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
        "compared": list(compared(now, found.draft, topics=page.topics_by_id(issue))),
        "lost": [
            act_words.of_act(to_json(act), words_of(to_json(act), before=now, after=now))
            for act in found.lost
        ],
    }


def _take(request: HttpRequest, issue: Issue) -> HttpResponse:
    sent = submission_of(request)
    try:
        reading_again.take(issue, sent)
    except reading_again.NothingRead:
        messages.info(request, _("This was taken before, or there is no new reading."))
    except (ActRefused, NotEditable) as error:
        messages.warning(request, act_words.why_not(error))
    else:
        record_act("issue.read_again", by=request.user, at=timezone.now(), **issue.log_keys)
        messages.success(request, _("The new reading is the draft now. It can be undone."))
    return redirect("admin:issues_issue_change", issue.pk)
