"""Feedback: what came back about a mail after it was sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digests.models.delivery import Delivery
from subscribers.models import Subscriber


class FeedbackKind(models.TextChoices):
    """The kind of feedback; the names of `mail.bounces.BounceKind`, except for `REPLY`."""

    DELIVERED = "delivered", _("delivered to the mailbox")
    DELAYED = "delayed", _("still being tried")
    HARD_BOUNCE = "hard_bounce", _("bounced: no such mailbox")
    SOFT_BOUNCE = "soft_bounce", _("bounced: may pass")
    BLOCKED = "blocked", _("bounced: not wanted there")
    COMPLAINED = "complained", _("reported as spam")
    LEFT = "left", _("left by writing a mail")


BOUNCES = (FeedbackKind.HARD_BOUNCE, FeedbackKind.SOFT_BOUNCE, FeedbackKind.BLOCKED)


class Feedback(models.Model):
    """An event after sending. Rows are only added: the history is theirs.

    Feedback about a notice, such as a confirmation, has no delivery; feedback about a delivery
    that was pruned lost it. `key` is the same for the same event, however often it comes.
    """

    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, related_name="feedback", verbose_name=_("delivery")
    )
    subscriber = models.ForeignKey(
        Subscriber,
        models.SET_NULL,
        null=True,
        related_name="feedback",
        verbose_name=_("reader"),
    )
    kind = models.CharField(_("what came back"), max_length=12, choices=FeedbackKind)
    status = models.CharField(_("code"), max_length=12, blank=True)
    detail = models.CharField(_("what was said"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("received"))
    key = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-received_at", "-pk"]
        # In the order of the list in the admin, whose page else sorts all of it.
        indexes = [models.Index(fields=["-received_at", "-id"], name="feedback_newest")]

    def __str__(self) -> str:
        return f"#{self.pk}"
