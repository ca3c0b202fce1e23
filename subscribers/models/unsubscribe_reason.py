"""The reasons that readers give for unsubscribing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.bulletin import Bulletin
from subscribers.models.subscriber import Subscriber


class UnsubscribeReason(models.Model):
    """A reason that a reader gave for one leaving, of their own accord. It outlives its reader, who
    may have been erased: then `words` are empty, for they may say who they are."""

    class Reason(models.TextChoices):
        """The reasons to choose from."""

        TOO_MANY = "too-many", _("Too many emails")
        NOT_RELEVANT = "not-relevant", _("Little in it is relevant to me")
        NEVER_SIGNED_UP = "never", _("I did not sign up for it")
        ELSEWHERE = "elsewhere", _("I read it elsewhere")
        OTHER = "other", _("Another reason")

    bulletin = models.ForeignKey(
        Bulletin,
        models.CASCADE,
        related_name="unsubscribe_reasons",
        verbose_name=_("bulletin"),
    )
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="unsubscribe_reasons",
        verbose_name=_("reader"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.CharField(_("in their words"), max_length=200, blank=True)
    left_at = models.DateTimeField(_("left"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("reason for unsubscribing")
        verbose_name_plural = _("reasons for unsubscribing")
        ordering = ["-given_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("subscriber", "left_at", name="unsubscribe_reason_once")
        ]
        indexes = [models.Index(fields=["bulletin", "-given_at"], name="unsubscribe_reason_newest")]

    def __str__(self) -> str:
        return f"#{self.pk}"
