"""An entry of the log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act of a person, or of the service itself (`by` is None), with what it changed.

    Rows are named by their keys and not by foreign keys, because an entry outlives what it is
    about. A reader is named by key alone: addresses stay out, so that erasing a reader erases.
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

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("who did what")
        indexes = [
            models.Index(fields=["issue_id", "-at"], name="audit_by_issue"),
            models.Index(fields=["reader_id", "-at"], name="audit_by_reader"),
            models.Index(fields=["by", "-at"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}".strip()

    def bulletin_ids(self) -> set[int]:
        """Return the bulletin in which it was done, if it was in one."""
        return {self.publication_id} if self.publication_id else set()

    @staticmethod
    def in_bulletins(rows: models.QuerySet[Entry], pks: frozenset[int]) -> models.QuerySet[Entry]:
        """Return the acts in these bulletins."""
        return rows.filter(publication_id__in=pks)
