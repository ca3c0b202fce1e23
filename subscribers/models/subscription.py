"""That a subscriber follows a topic: from when to when, how it began and why it ended."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publications.models.topic import Topic
from subscribers.models.subscriber import Subscriber


class SubscriptionSource(models.TextChoices):
    """The way in which a subscription began."""

    SIGN_UP = "sign-up", _("signed up")
    PREFERENCES = "preferences", _("chosen in the preferences")
    EDITOR = "editor", _("entered by an editor")
    IMPORT = "import", _("imported")
    UNDO = "undo", _("its end was undone")


class EndReason(models.TextChoices):
    """The reason why a subscription ended."""

    PREFERENCES = "preferences", _("deselected in the preferences")
    SECTION = "section", _("stopped by a link in a mail")
    LEFT = "left", _("left on the page")
    ONE_CLICK = "one-click", _("left with one click in the mail program")
    BY_MAIL = "by-mail", _("left by writing a mail")
    COMPLAINT = "complaint", _("reported a mail as spam")
    EDITOR = "editor", _("ended by an editor")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions to the subscriptions."""

    def current(self) -> Self:
        """Return those that have not ended."""
        return self.filter(ended_at__isnull=True)


class Subscription(models.Model):
    """A subscriber follows a topic. Ended ones are kept: they are the history."""

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="subscriptions", verbose_name=_("reader")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="subscriptions", verbose_name=_("topic")
    )
    started_at = models.DateTimeField(_("from"))
    source = models.CharField(_("how it began"), max_length=20, choices=SubscriptionSource)
    consent = models.CharField(
        _("where consent comes from"), max_length=300, blank=True, db_default=""
    )
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "subscriber",
                "topic",
                condition=Q(ended_at__isnull=True),
                name="subscription_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="")
                | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="subscription_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} → {self.topic}"
