"""One of the files that an issue was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue
from publications.models import Bulletin


def original_path(file: IssueFile, _name: str) -> str:
    """Return where what was uploaded is kept: by its content, never by its name."""
    return f"issues/{file.bulletin.slug}/{file.sha256}.{file.suffix}"


def pdf_path(file: IssueFile, _name: str) -> str:
    """Return where the PDF is kept that was made of what was uploaded."""
    return f"issues/{file.bulletin.slug}/{file.sha256}.{file.suffix}.pdf"


def pages_path(file: IssueFile) -> str:
    """Return where the images of its pages are kept: by its content, which never changes."""
    return f"pages/{file.bulletin.slug}/{file.sha256}"


class IssueFileQuerySet(models.QuerySet["IssueFile"]):
    """Questions."""

    def in_use(self) -> Self:
        """Return those that the issue is made from, with their bulletin."""
        return self.filter(position__gt=0).select_related("bulletin")


class IssueFile(models.Model):
    """A file as it was uploaded, and the PDF of its pages: the same where that was a PDF, none
    where it has no pages, such as pasted text. The pages of an issue are those of its files in
    order; one with position 0 is none of them: it was replaced, or is proposed only."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="files")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="+")  # once in each
    position = models.PositiveIntegerField()
    original = models.FileField(_("file"), upload_to=original_path, max_length=200)
    suffix = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("file name"), max_length=255)
    pdf = models.FileField(_("PDF"), upload_to=pdf_path, max_length=200, blank=True)
    page_count = models.PositiveIntegerField(_("pages"), default=0)

    objects = IssueFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("bulletin", "sha256", name="file_once_a_bulletin"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_with_suffix(self) -> str:
        """Its name; pasted text has none, and gets that of its kind."""
        return self.name if PurePath(self.name).suffix else f"{self.name}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class PagedFile:
    """A file that has pages: its number among those of its issue, and that of its first page among
    all pages."""

    file: IssueFile
    number: int
    first: int

    @property
    def url(self) -> str:
        """The address of its PDF."""
        number = [self.number] if self.number > 1 else []
        return reverse("issues:pdf", args=[self.file.bulletin.slug, self.file.issue_id, *number])

    def url_of_page(self, number: int) -> str:
        """Return the address of a page of the issue in it."""
        return f"{self.url}#page={self.own(number)}"

    @property
    def pages(self) -> range:
        """The numbers of its pages among those of the issue."""
        return range(self.first, self.first + self.file.page_count)

    def own(self, number: int) -> int:
        """Return the number within the file of a page of the issue."""
        return number - self.first + 1


def paged(files: Iterable[IssueFile]) -> list[PagedFile]:
    """Return those of the files of an issue, in order, that have pages."""
    found: list[PagedFile] = []
    first = 1
    for file in files:
        if file.pdf:
            found.append(PagedFile(file, number=len(found) + 1, first=first))
        first += file.page_count
    return found
