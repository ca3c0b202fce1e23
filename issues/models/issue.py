"""One number of a bulletin."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from issues import issue_dates
from issues.issue_dates import check_date
from issues.models.content import AccountField, WarningsField
from publications.models import Bulletin

if TYPE_CHECKING:
    from issues.models.issue_file import IssueFile, PagedFile


def pdf_path(issue: Issue, _name: str) -> str:
    """Return where the PDF of an issue was kept before issues had files: the first migrations name
    this function."""
    raise NotImplementedError


def figure_path(issue: Issue, name: str) -> str:
    """Return where the picture `name` of an issue is kept."""
    return f"{figures_path(issue)}/{name}"


def figures_path(issue: Issue) -> str:
    """Return where the pictures of an issue are kept."""
    return f"figures/{issue.bulletin.slug}/{issue.pk}"


MAX_WITHDRAWAL = 500  # characters


class IssueQuerySet(models.QuerySet["Issue"]):
    """Questions and claims."""

    def published(self) -> Self:
        """Return what everybody may see, newest first."""
        return self.filter(status=Issue.Status.PUBLISHED).order_by("-published_at", "-pk")

    def scheduled(self) -> Self:
        """Return the drafts that have a time at which they are published, the next one first."""
        scheduled = self.filter(status=Issue.Status.DRAFT, publish_at__isnull=False)
        return scheduled.order_by("publish_at", "pk")

    def missed(self) -> Self:
        """Return the drafts that could not be published at their time, the latest first."""
        missed = self.filter(status=Issue.Status.DRAFT, missed_at__isnull=False)
        return missed.order_by("-missed_at", "-pk")

    def unread(self, *, before: datetime) -> Self:
        """Return those uploaded that nobody began to read since `before`."""
        waiting = Q(reading_at__isnull=True) | Q(reading_at__lt=before)
        return self.filter(waiting, status=Issue.Status.UPLOADED)


class Issue(models.Model):
    """One number of a bulletin. What its files say of themselves stands here once they were read.

    A draft with `publish_at` is scheduled: it is published then as it stands then, `web_only`
    without mails. One that could not be published at its time has that as `missed_at`, with the
    `obstacles` that there were (`digests.obstacles`). `top_story` is the id of the article with
    which its mails begin; one that is not there is none. `withdrawal` is what readers of the page
    of a withdrawn issue are told.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        UNREADABLE = "unreadable", _("unreadable")
        BINNED = "binned", _("in the bin")
        WITHDRAWN = "withdrawn", _("withdrawn")

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="issues", verbose_name=_("bulletin")
    )
    file_name = models.CharField(_("file name"), max_length=255, blank=True, editable=False)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.UPLOADED, editable=False
    )
    unreadable_reason = models.CharField(max_length=40, blank=True, editable=False)
    unreadable_file = models.CharField(max_length=255, blank=True, editable=False)  # of several
    title = models.CharField(_("title"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=120, blank=True)
    date = models.CharField(
        _("date"),
        max_length=40,
        blank=True,
        help_text=_("2026-09-15, 2026-09, 2026-09/10, 2026, 2026-2027 or 2026 (Spring)."),
        validators=[check_date],
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    page_count = models.PositiveIntegerField(_("pages"), default=0, editable=False)
    warnings = WarningsField(_("warnings"), editable=False)
    account = AccountField(_("characters"), editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    # No foreign key: an act may take the article away, and undoing brings it back with its id.
    top_story = models.BigIntegerField(_("top story"), null=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), editable=False)
    reading_at = models.DateTimeField(_("reading began"), null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    publish_at = models.DateTimeField(_("to be published"), null=True, editable=False)
    web_only = models.BooleanField(_("on the web only"), default=False, editable=False)
    missed_at = models.DateTimeField(null=True, editable=False)
    obstacles = models.JSONField(default=list, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    binned_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    status_before_bin = models.CharField(max_length=20, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal = models.CharField(
        _("why it was withdrawn"), max_length=MAX_WITHDRAWAL, blank=True, editable=False
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-uploaded_at", "-pk"]
        permissions = [("publish_issue", _("Can publish an issue and mail it"))]

    def __str__(self) -> str:
        unread = self.status == self.Status.UNREADABLE and self.file_name
        return " ".join(filter(None, [self.title or unread or self.bulletin.name, self.number]))

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about it is found, and its name."""
        return {"publication": self.bulletin_id, "issue": self.pk, "subject": str(self)}

    @cached_property
    def originals(self) -> list[IssueFile]:
        """The files that it was made from, in order. One query, once."""
        return list(self.files.in_use())

    @cached_property
    def paged_files(self) -> list[PagedFile]:
        """The files that have pages, in order. One query, once."""
        from issues.models.issue_file import paged  # noqa: PLC0415 - which knows this class

        return paged(self.originals)

    @cached_property
    def files_by_page(self) -> dict[int, PagedFile]:
        """The file of each page, in order."""
        return {number: file for file in self.paged_files for number in file.pages}

    def file_of_page(self, number: int) -> PagedFile | None:
        """Return the file of a page; None where there is no such page."""
        return self.files_by_page.get(number)

    @property
    def was_published(self) -> bool:
        """Whether its mails may lead to it: it stays as it is, also where it was withdrawn."""
        return self.status in {self.Status.PUBLISHED, self.Status.WITHDRAWN}

    @property
    def date_in_words(self) -> str:
        """The date as the language in force writes it."""
        return issue_dates.in_words(self.date)

    @property
    def date_for_machines(self) -> str:
        """The date for the attribute of `<time>`, "" if it can have none."""
        return issue_dates.for_machines(self.date)
