"""The page on which an issue begins: a bulletin, and files, a text, or nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digests import alarms, monitoring
from document_reading import DocumentFailure
from document_reading.libreoffice import PACKAGE
from foundation.enqueue import enqueue
from issues import parse_messages
from issues.intake import by_hand, documents, upload
from issues.models import Issue
from issues.tasks import read_issue
from publications import rights
from publications.models import Bulletin

SUFFIXES = (".pdf", ".docx", ".docm", ".doc", ".wps", ".odt", ".rtf", ".txt", ".md")


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files in the order in which they were chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files, each checked as one is."""
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class UploadForm(forms.Form):
    """A bulletin, and one of three ways to an issue of it: the button says which."""

    bulletin = forms.ModelChoiceField(Bulletin.objects.all(), label=gettext_lazy("Bulletin"))
    file = FilesField(
        label=gettext_lazy("Files of the issue"),
        required=False,
        widget=FilesInput(attrs={"accept": ",".join(SUFFIXES), "multiple": True}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = rights.bulletins(user, "issues.add_issue")
        cast("forms.ModelChoiceField[Bulletin]", self.fields["bulletin"]).queryset = theirs
        only = theirs[:2]
        if len(only) == 1:
            self.initial["bulletin"] = only[0].pk
        self.fields["file"].help_text = _help_for_files()
        self.fields["text"].widget.attrs.update(
            {"data-most": upload.MAX_TEXT, "data-too-long": _too_long()}
        )
        self.fields["text"].help_text = _(
            "A line that begins with # or ## is a heading (Markdown). Without such lines each line "
            "is a paragraph of one article."
        )

    def issue(self) -> Issue | None:
        """Return the issue that was made of a valid form by the button that was pressed; None where
        it is refused, with an error."""
        if "_begin" in self.data:
            return by_hand.begin(self.cleaned_data["bulletin"], at=timezone.now())
        return self._pasted() if "_paste" in self.data else self._uploaded()

    def _uploaded(self) -> Issue | None:
        files = self.cleaned_data["file"]
        if not files:
            self.add_error("file", _("Choose a file first."))
            return None
        bulletin = self.cleaned_data["bulletin"]
        return self._made(
            lambda: upload.upload(bulletin, files, at=timezone.now()),
            field="file",
            too_large=too_large(),
        )

    def _pasted(self) -> Issue | None:
        text, at = self.cleaned_data["text"], timezone.now()
        if not text.strip():
            self.add_error("text", _("There is no text here yet."))
            return None
        bulletin = self.cleaned_data["bulletin"]
        name = _("Text of %(date)s") % {
            "date": date_format(timezone.localtime(at), "DATETIME_FORMAT")
        }
        return self._made(
            lambda: upload.paste(bulletin, text, at=at, name=name),
            field="text",
            too_large=_too_long(),
        )

    def _made(self, make: Callable[[], Issue], *, field: str, too_large: str) -> Issue | None:
        try:
            return make()
        except upload.NotTaken as error:
            self.add_error(field, why_not(error, too_large=too_large))
        return None


def why_not(error: upload.NotTaken, *, too_large: str) -> str:
    """Return why a file is not taken."""
    match error:
        case upload.NeedsLibreOffice():
            return parse_messages.unreadable(
                DocumentFailure.NEEDS_LIBREOFFICE, file_name=error.name
            )
        case upload.UnknownKind():
            return _unknown(error.name)
        case upload.AlreadyUploaded():
            return _uploaded_before(error.issue)
        case upload.ChosenTwice():
            return _("“%(name)s” is there twice.") % {"name": error.name}
    return too_large


def too_large() -> str:
    """Return how large files may be together, and how many."""
    most = {"most": filesizeformat(settings.PDF_MAX_BYTES), "files": upload.MAX_FILES}
    return _("This is too large. At most %(most)s are allowed, in at most %(files)s files.") % most


def _help_for_files() -> str:
    """Return which files are read on this machine, and how large they may be."""
    kinds = (
        _("PDF, Word (DOCX, DOC), WPS, ODT, RTF, text or Markdown, whatever their names.")
        if documents.has_libreoffice()
        else _(
            "PDF, Word (DOCX, without its pages), text or Markdown, whatever their names. For DOC, "
            "WPS, ODT and RTF, and for the pages of Word, the operator installs the Debian package "
            "%(package)s."
        )
        % {"package": PACKAGE}
    )
    several = _("Several files make one issue, in their order. At most %(most)s.") % {
        "most": filesizeformat(settings.PDF_MAX_BYTES)
    }
    return f"{kinds} {several}"


def _too_long() -> str:
    most = {"most": number_format(upload.MAX_TEXT, force_grouping=True)}
    return _("This text is too long. At most %(most)s characters are allowed.") % most


def _unknown(name: str) -> str:
    return _(
        "“%(name)s” is none of the kinds of files that can be read here, whatever its name says."
    ) % {"name": name}


def _uploaded_before(issue: Issue) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This file was uploaded before:"),
        reverse("admin:issues_issue_change", args=(issue.pk,)),
        issue,
    )


def enqueue_reading(request: HttpRequest, issue: Issue) -> None:
    """Enqueue the reading of an uploaded issue, and say so where it has to wait."""
    if issue.status == Issue.Status.UPLOADED and not enqueue(read_issue, issue.pk):
        messages.info(
            request,
            _("The file is stored. It cannot be read at this moment, and will be by itself soon."),
        )


def waits_behind(issue: Issue) -> int:
    """Return how many uploaded issues are read before this one."""
    if issue.status != Issue.Status.UPLOADED or issue.reading_at:
        return 0
    earlier = Issue.objects.filter(status=Issue.Status.UPLOADED, uploaded_at__lt=issue.uploaded_at)
    return earlier.count()


def waiting_reason(issue: Issue) -> str:
    """Return why an uploaded issue is not being read; empty where it is."""
    if issue.status != Issue.Status.UPLOADED:
        return ""
    return " ".join(alarms.sentences(monitoring.reading_stands_still(at=timezone.now())))
