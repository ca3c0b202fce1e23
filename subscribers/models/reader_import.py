"""A list of readers that is taken in, with what it takes to undo it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from publications.models.bulletin import Bulletin
from subscribers.models.subscriber import Subscriber

UNDO_TIME = timedelta(days=30)
DECISION_TIME = timedelta(days=7)  # after which a list that nobody took in is forgotten
LEASE = timedelta(seconds=90)  # longer than a worker goes without writing down how far it is


class PrivateFiles(FileSystemStorage):
    """The folder where lists are kept until they are taken in: no web server shows it."""

    @property
    def base_location(self) -> str:
        return str(settings.DATA_DIR / "imports")

    @property
    def location(self) -> str:
        return self.base_location


def private_files() -> Storage:
    """Return where lists are kept."""
    return PrivateFiles(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def file_path(_import: ReaderImport, _name: str) -> str:
    """Return a name that says nothing of the list."""
    return get_random_string(24)


class ImportStatus(models.TextChoices):
    """The state of an import."""

    CHECKING = "checking", _("being read")
    UNREADABLE = "unreadable", _("cannot be read")
    READY = "ready", _("waits for a decision")
    RUNNING = "running", _("being taken in")
    DONE = "done", _("taken in")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    DISCARDED = "discarded", _("not taken in")


AT_WORK = (ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING)
UNDECIDED = (ImportStatus.CHECKING, ImportStatus.UNREADABLE, ImportStatus.READY)


class ReaderImportQuerySet(models.QuerySet["ReaderImport"]):
    """Questions to the imports."""

    def unattended(self, *, at: datetime) -> Self:
        """Return those that a worker has to go on with, and none does."""
        idle = Q(worked_at=None) | Q(worked_at__lte=at - LEASE)
        return self.filter(idle, status__in=AT_WORK)

    def ended(self) -> Self:
        """Return those whose file nobody needs any more."""
        return self.filter(
            status__in=(ImportStatus.DONE, ImportStatus.UNDONE, ImportStatus.DISCARDED)
        )

    def undoable(self, *, at: datetime) -> Self:
        """Return those that can be undone at `at`."""
        return self.filter(
            status__in=(ImportStatus.RUNNING, ImportStatus.DONE), started_at__gt=at - UNDO_TIME
        )


class ReaderImport(models.Model):
    """A list that somebody brought, and what became of it.

    `columns`, `heads`, `sheet` and `first_row` say where the list stands in the file
    (`subscribers.importing.values.Layout`), `sheets` which sheets there are. `position` is how far
    a worker is: rows of the file while it is read, then primary keys. `numbers` counts what was
    found, and then what became of it. The file is deleted when the list is taken in.
    """

    bulletin = models.ForeignKey(
        Bulletin, models.CASCADE, related_name="imports", verbose_name=_("bulletin")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    file = models.FileField(upload_to=file_path, storage=private_files, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded"))
    status = models.CharField(
        _("state"), max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING
    )
    failure = models.CharField(max_length=30, blank=True, editable=False)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    sheets: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    first_row = models.PositiveIntegerField(_("first row"), default=0)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    heads: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    consent = models.CharField(_("where their consent comes from"), max_length=300, blank=True)
    ask = models.BooleanField(_("asked to confirm"), default=False)
    complete = models.BooleanField(_("known readers get what is missing"), default=False)
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="zh-hans"
    )
    topics: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)
    position = models.BigIntegerField(default=0, editable=False)
    numbers: models.JSONField[Any, Any] = models.JSONField(default=dict, editable=False)
    worked_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("taken in from"), null=True, editable=False)
    finished_at = models.DateTimeField(_("taken in"), null=True, editable=False)

    objects = ReaderImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def undoable_until(self) -> datetime | None:
        """The time until which it can be undone; None where it was not taken in."""
        return self.started_at + UNDO_TIME if self.started_at else None


class ImportRow(models.Model):
    """An address of a list that can be read, or, with a `problem`, a row that cannot.

    The good ones are deleted when they are taken in, the bad ones a month later.
    """

    reader_import = models.ForeignKey(ReaderImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    address = models.CharField(max_length=320, blank=True)
    address_key = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=16, blank=True)
    topics: models.JSONField[Any, Any] = models.JSONField(default=list)
    problem = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    cells: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(
                "reader_import", "address_key", condition=Q(problem=""), name="import_row_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["reader_import", "id"], condition=~Q(problem=""), name="import_row_bad"
            ),
            models.Index(fields=["address_key"], name="import_row_address"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ImportedReader(models.Model):
    """The change that an import made to one reader: what was before, and what it set.

    Once it is undone, or can be no more, the row is deleted.
    """

    reader_import = models.ForeignKey(ReaderImport, models.CASCADE, related_name="readers")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="imported")
    outcome = models.CharField(max_length=10)
    at = models.DateTimeField()
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    made: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("imported reader")
        verbose_name_plural = _("imported readers")
        indexes = [
            models.Index(fields=["reader_import", "id"], name="imported_reader_order"),
            # For how many were asked lately, by all imports.
            models.Index(fields=["at"], condition=Q(outcome="asked"), name="imported_reader_asked"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ErasedAddress(models.Model):
    """That somebody had everything that is known of them erased: a keyed hash of their address,
    by which an import knows whom it must not bring back, and from which nobody is known."""

    mark = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    class Meta:
        verbose_name = _("erased address")
        verbose_name_plural = _("erased addresses")

    def __str__(self) -> str:
        return f"#{self.pk}"
