"""The change of a reader's address: asked for, confirmed at the new one, told to the old one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.link_keys import link_key_field
from subscribers.models.subscriber import Subscriber

CONFIRMABLE_FOR = timedelta(days=7)
UNDOABLE_FOR = timedelta(days=30)


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    """Questions to the changes."""

    def pending(self, *, at: datetime) -> Self:
        """Return those that can be confirmed at `at`."""
        since = at - CONFIRMABLE_FOR
        return self.filter(confirmed_at=None, ended_at=None, requested_at__gt=since)

    def undoable(self, *, at: datetime) -> Self:
        """Return those that are done and can be undone at `at`."""
        return self.filter(confirmed_at__gt=at - UNDOABLE_FOR, ended_at=None)

    def forgettable(self, *, at: datetime) -> Self:
        """Return those that nobody can confirm, stop or undo any more."""
        never = Q(confirmed_at=None, requested_at__lte=at - CONFIRMABLE_FOR)
        return self.filter(never | Q(confirmed_at__lte=at - UNDOABLE_FOR))

    def due(self, *, at: datetime) -> Self:
        """Return those of which a mail is due at `at`."""
        return self.filter(Q(question_due_at__lte=at) | Q(notice_due_at__lte=at))


class AddressChange(models.Model):
    """A reader's wish to be mailed at another address, with all that the mailbox reads.

    `subscriber` is the one on whose page it was asked for; their bulletin writes the mails. The one
    to the new address, which asks, is due at `question_due_at`, the one to the former, which says
    so, at `notice_due_at`. `moved` are the ids of the readers who were given the new address.
    `ended_at` is when it was stopped or undone. `link_key` is what its links carry.
    """

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="address_changes", verbose_name=_("reader")
    )
    former_address = models.EmailField(_("former address"), max_length=320)
    former_key = models.CharField(max_length=320, db_index=True)
    address = models.EmailField(_("new address"), max_length=320)
    address_key = models.CharField(max_length=320, db_index=True)
    requested_at = models.DateTimeField(_("asked for"))
    question_due_at = models.DateTimeField(null=True)
    notice_due_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ended_at = models.DateTimeField(_("stopped or undone"), null=True)
    moved = models.JSONField(default=list)
    link_key = link_key_field()

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["-requested_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
