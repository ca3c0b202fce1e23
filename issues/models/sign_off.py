"""The release of an issue by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue
from mail.outcomes import MAX_RESPONSE_LENGTH

MAX_WORD = 500  # characters


class SignOffQuerySet(models.QuerySet["SignOff"]):
    """Questions to what was submitted."""

    def waiting(self) -> Self:
        """Return what was submitted and nobody decided."""
        return self.filter(decision=SignOff.Decision.NONE, submitted_at__isnull=False)

    def gathering(self) -> Self:
        """Return the changes that are gathered and not submitted yet."""
        return self.filter(decision=SignOff.Decision.NONE, submitted_at=None)

    def answer_due(self, *, at: datetime) -> Self:
        """Return what was decided, and who submitted it is to be mailed so."""
        return self.filter(answer_due_at__lte=at)


class SignOff(models.Model):
    """A submission of one person, and the decision of another: it holds for the `version` of the
    issue and for the `content`, a digest of it, and for nothing else.

    Of a draft it is the draft itself. Of what is published, `acts` are changes of its words, and
    `correction` is one to be mailed: both are done by being released.
    """

    class Kind(models.TextChoices):
        DRAFT = "draft", _("the draft")
        CHANGE = "change", _("changes of what is published")
        CORRECTION = "correction", _("a correction by mail")

    class Decision(models.TextChoices):
        NONE = "", _("waits")
        RELEASED = "released", _("released")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("taken back")

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="sign_offs")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DRAFT)
    version = models.PositiveIntegerField()
    content = models.CharField(max_length=64)
    acts: models.JSONField[Any, Any] = models.JSONField(default=list)
    correction: models.JSONField[Any, Any] = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_name = models.CharField(max_length=150)
    submitted_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=MAX_WORD, blank=True)
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.NONE, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    by_link = models.BooleanField(default=False)
    word = models.CharField(max_length=MAX_WORD, blank=True)
    answer_due_at = models.DateTimeField(null=True, db_index=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "issue", condition=Q(decision=""), name="one_sign_off_waits_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}.{self.version}"


class SignOffRequestQuerySet(models.QuerySet["SignOffRequest"]):
    """Questions to who was asked."""

    def due(self, *, at: datetime) -> Self:
        """Return who is to be mailed, of what still waits."""
        return self.filter(due_at__lte=at, sign_off__decision=SignOff.Decision.NONE)


class SignOffRequest(models.Model):
    """Somebody who was asked; `due_at` is when they are to be mailed, `mailed_at` when a mail
    server took the mail to them, `response` what it said where it did not."""

    sign_off = models.ForeignKey(SignOff, models.CASCADE, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_at = models.DateTimeField(null=True, db_index=True)
    mailed_at = models.DateTimeField(null=True)
    response = models.CharField(max_length=MAX_RESPONSE_LENGTH, blank=True)

    objects = SignOffRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a release")
        verbose_name_plural = _("requests for a release")
        default_permissions = ()
        constraints = [models.UniqueConstraint("sign_off", "user", name="asked_once")]

    def __str__(self) -> str:
        return f"{self.sign_off_id}.{self.user_id}"
