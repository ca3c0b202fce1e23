"""A request made at the sign-up form, until it is confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publications.models.topic import Topic
from subscribers.models.subscriber import Subscriber


class SignUpRequestQuerySet(models.QuerySet["SignUpRequest"]):
    """Questions to the requests."""

    def pending(self, subscriber: Subscriber) -> SignUpRequest | None:
        """Return what `subscriber` can confirm; None for a reader, who has nothing to confirm."""
        if subscriber.is_reading:
            return None
        return self.filter(subscriber=subscriber.pk).first()


class SignUpRequest(models.Model):
    """Address, language and topics as they were typed, the last ones where that was done twice.

    Nobody has shown yet that the mailbox is theirs. So the request stands beside the row of the
    subscriber, which says what was true before and goes on being so: that they left, and when.
    """

    subscriber = models.OneToOneField(
        Subscriber,
        models.CASCADE,
        related_name="sign_up_request",
        verbose_name=_("reader"),
    )
    address = models.EmailField(_("address"), max_length=320)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES)
    topics = models.ManyToManyField(Topic, related_name="+", verbose_name=_("topics"))
    consent = models.CharField(
        _("where consent comes from"), max_length=300, blank=True, db_default=""
    )
    requested_at = models.DateTimeField(_("signed up"))

    objects = SignUpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up request")
        verbose_name_plural = _("sign-up requests")
        ordering = ["requested_at", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
