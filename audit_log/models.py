"""An entry of the log."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """Somebody tried to change or delete what was written down."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries are read and added; `audit_log.retention` alone deletes, what is too old."""

    def update(self, **_changes: Any) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class Entry(models.Model):
    """One act of a person, or of the service itself (`by` is None), with what it changed.

    Rows are named by their keys and not by foreign keys, because an entry outlives what it is
    about. A reader is named by key alone: addresses stay out, so that erasing a reader erases.
    `by_name` stays when the user is deleted; of an act of the service it names the command that
    was given, and is empty for what it does by itself.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    by_name = models.CharField(_("name of who did it"), max_length=150, blank=True)
    act = models.CharField(_("act"), max_length=60)
    publication_id = models.BigIntegerField(_("bulletin"), null=True, blank=True)
    issue_id = models.BigIntegerField(_("issue"), null=True, blank=True)
    reader_id = models.BigIntegerField(_("reader"), null=True, blank=True)
    subject = models.CharField(_("about"), max_length=200, blank=True)
    before: models.JSONField[Any, Any] = models.JSONField(_("before"), default=dict, blank=True)
    after: models.JSONField[Any, Any] = models.JSONField(_("after"), default=dict, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("who did what")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["issue_id", "-at"], name="audit_by_issue"),
            models.Index(fields=["reader_id", "-at"], name="audit_by_reader"),
            models.Index(fields=["by", "-at"], name="audit_by_person"),
            models.Index(fields=["publication_id", "-at"], name="audit_by_bulletin"),
            models.Index(fields=["act", "-at"], name="audit_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}".strip()

    def save(self, *args: Any, **options: Any) -> None:
        """Add it. Raises AppendOnly for one that is stored."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnly

    def bulletin_ids(self) -> set[int]:
        """Return the bulletin in which it was done, if it was in one."""
        return {self.publication_id} if self.publication_id else set()

    @staticmethod
    def in_bulletins(rows: models.QuerySet[Entry], pks: frozenset[int]) -> models.QuerySet[Entry]:
        """Return the acts in these bulletins."""
        return rows.filter(publication_id__in=pks)
