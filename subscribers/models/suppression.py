"""An address that must not be mailed, whatever it signs up for."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from foundation.masking import masked
from mail.messages.idn import readable


class SuppressionReason(models.TextChoices):
    """The reason why an address must not be mailed."""

    HARD_BOUNCE = "hard_bounce", _("there is no such mailbox")
    BOUNCING = "bouncing", _("mail kept coming back")
    COMPLAINED = "complained", _("reported as spam")
    EDITOR = "editor", _("entered by an editor")
    NOT_ME = "not-me", _("did not sign up, and is to be asked no more")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Questions to the suppressions."""

    def current(self) -> Self:
        """Return those that hold against all mail."""
        return self.unlifted().filter(confirmations_only=False)

    def unlifted(self) -> Self:
        """Return those that hold, also those against confirmations alone."""
        return self.filter(lifted_at__isnull=True)


class Suppression(models.Model):
    """An address that must not be mailed, by any bulletin of the site.

    `address_key` is as in `Subscriber`, and needs no subscriber: a suppression outlives them.
    `evidence` is what was heard, without addresses. Lifted ones are kept: they are the history.
    With `confirmations_only` it holds against asking whether somebody signed up, and not against
    what a reader asked for.
    """

    masked = False  # as of a subscriber

    address_key = models.CharField(_("address"), max_length=320)
    reason = models.CharField(_("reason"), max_length=20, choices=SuppressionReason)
    suppressed_at = models.DateTimeField(_("since"))
    confirmations_only = models.BooleanField(
        _("confirmations only"), default=False, db_default=False, editable=False
    )
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_because = models.CharField(_("why it was lifted"), max_length=200, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-suppressed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "address_key",
                "confirmations_only",
                condition=Q(lifted_at__isnull=True),
                name="suppression_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_because="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_because=""),
                name="suppression_is_lifted_for_a_reason",
            ),
        ]
        # In the order of the list in the admin, whose page else sorts all of them.
        indexes = [models.Index(fields=["-suppressed_at", "-id"], name="suppression_newest")]

    def __str__(self) -> str:
        return masked(readable(self.address_key)) if self.masked else readable(self.address_key)

    @property
    def log_keys(self) -> LogKeys:
        """The name that an entry of the log has for it: its own would be the address."""
        return {"subject": f"#{self.pk}"}

    def bulletin_ids(self) -> set[int]:
        """Return the bulletins that the address signed up for: it holds in all of them."""
        readers = _readers().filter(address_key=self.address_key)
        return set(readers.values_list("bulletin", flat=True))

    @staticmethod
    def in_bulletins(
        rows: models.QuerySet[Suppression], pks: frozenset[int]
    ) -> models.QuerySet[Suppression]:
        """Return those of addresses that signed up for these bulletins, and for no other."""
        readers = _readers().filter(address_key=OuterRef("address_key"))
        here = readers.filter(bulletin__in=pks)
        return rows.filter(Exists(here), ~Exists(readers.exclude(bulletin__in=pks)))


def _readers() -> models.QuerySet[Any]:
    """Return all readers, whose module knows this one."""
    readers: models.QuerySet[Any] = apps.get_model("subscribers", "Subscriber").objects.order_by()
    return readers
