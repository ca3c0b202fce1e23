"""The page on which an issue begins: a bulletin and a PDF."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digests import alarms, monitoring
from foundation.enqueue import enqueue
from issues.intake import upload
from issues.models import Issue
from issues.tasks import read_issue
from publications.models import Bulletin


class UploadForm(forms.Form):
    """A bulletin and a PDF; everything else is read from the file."""

    bulletin = forms.ModelChoiceField(Bulletin.objects.all(), label=gettext_lazy("Bulletin"))
    pdf = forms.FileField(
        label=gettext_lazy("PDF of the issue"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = Bulletin.objects.all()[:2]
        if len(only) == 1:
            self.initial["bulletin"] = only[0].pk
        limit = filesizeformat(settings.PDF_MAX_BYTES)
        self.fields["pdf"].help_text = _("At most %(most)s.") % {"most": limit}

    def uploaded(self) -> Issue | None:
        """Return the issue that was made of a valid form; None when the file is refused, with an
        error."""
        cleaned = self.cleaned_data
        try:
            return upload.upload(cleaned["bulletin"], cleaned["pdf"], at=timezone.now())
        except upload.UnknownKind:
            self.add_error("pdf", _("This file is not a PDF, whatever its name says."))
        except upload.TooLarge:
            limit = filesizeformat(settings.PDF_MAX_BYTES)
            self.add_error(
                "pdf", _("This file is too large. At most %(most)s are allowed.") % {"most": limit}
            )
        except upload.AlreadyUploaded as error:
            self.add_error("pdf", _uploaded_before(error.issue))
        return None


def _uploaded_before(issue: Issue) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This file was uploaded before:"),
        reverse("admin:issues_issue_change", args=(issue.pk,)),
        issue,
    )


def enqueue_reading(request: HttpRequest, issue: Issue) -> None:
    """Enqueue the reading of the issue, and say so where it has to wait."""
    if not enqueue(read_issue, issue.pk):
        messages.info(
            request,
            _("The file is stored. It cannot be read at this moment, and will be by itself soon."),
        )


def waiting_reason(issue: Issue) -> str:
    """Return why an uploaded issue is not being read; empty where it is."""
    if issue.status != Issue.Status.UPLOADED:
        return ""
    return " ".join(alarms.sentences(monitoring.reading_stands_still(at=timezone.now())))
