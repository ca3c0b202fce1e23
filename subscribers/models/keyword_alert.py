"""An alert for the articles with a phrase, from any section."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscribers.models.subscriber import Subscriber


class KeywordAlert(models.Model):
    """A phrase as the reader typed it. `key` is the same for phrases that find the same
    (`subscribers.keywords.query`)."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="keyword_alerts", verbose_name=_("reader")
    )
    phrase = models.CharField(_("phrase"), max_length=60)
    key = models.CharField(max_length=240, editable=False)

    class Meta:
        verbose_name = _("keyword alert")
        verbose_name_plural = _("keyword alerts")
        ordering = ["subscriber", "pk"]
        constraints = [
            models.UniqueConstraint("subscriber", "key", name="keyword_alert_once_a_phrase")
        ]

    def __str__(self) -> str:
        return self.phrase
