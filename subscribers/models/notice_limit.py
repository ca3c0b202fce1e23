"""The notices that a mailbox got lately, counted to limit them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
GMAIL = ("gmail.com", "googlemail.com")  # ignores dots


def mailbox_of(address_key: str) -> str:
    """Return what addresses have in common that most likely end in one mailbox: without what stands
    behind a plus, which most large mail servers ignore, as Gmail does dots. For limits alone, which
    do little harm where it errs: whoever has the mailbox could else be written to without end."""
    local, _at, domain = address_key.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GMAIL:
        local, domain = local.replace(".", ""), GMAIL[0]
    return f"{local}@{domain}"


class NoticeLimitQuerySet(models.QuerySet["NoticeLimit"]):
    """Taking one of the notices that a mailbox may get."""

    def of(self, address_key: str) -> Self:
        """Return those of the mailbox of an address."""
        return self.filter(address_key=mailbox_of(address_key))

    def take(
        self, address_key: str, kind: str, *, waits: tuple[timedelta, timedelta], at: datetime
    ) -> bool:
        """Count a notice at `at`. Returns False, and counts nothing, when it would be the fourth
        within a day, the second before `waits[0]` is over since the first, or the third before
        `waits[1]` is over since the second. Of two processes at once one is first.

        A time more than a day ahead is that of a clock that was wrong, and holds nobody up."""
        row = NoticeLimit(address_key=mailbox_of(address_key), kind=kind)
        self.bulk_create([row], ignore_conflicts=True)
        before, ahead = at - DAY, at + DAY
        none = Q(last_at=None) | Q(last_at__lte=before) | Q(last_at__gt=ahead)
        one = Q(second_last_at=None) | Q(second_last_at__lte=before)
        third = Q(third_last_at__lte=before) | Q(third_last_at__gt=ahead)
        fewer_than_three = Q(third_last_at=None) | third
        waited = none | one & Q(last_at__lte=at - waits[0]) | Q(last_at__lte=at - waits[1])
        free = self.of(address_key).filter(fewer_than_three & waited, kind=kind)
        taken = free.update(
            third_last_at=F("second_last_at"), second_last_at=F("last_at"), last_at=at
        )
        return bool(taken)


class NoticeLimit(models.Model):
    """The times at which the last three notices of a kind were wanted for a mailbox, by whichever
    bulletin, whose addresses are spelled in whichever way (`mailbox_of`).

    A row whose `last_at` is a day old says nothing any more.
    """

    class Kind(models.TextChoices):
        """The kind of notice."""

        CONFIRMATION = "confirm"
        GOODBYE = "goodbye"
        ADDRESS = "address"  # that it is to be changed
        RESEND = "resend"  # a mail that its reader has sent again

    address_key = models.CharField(max_length=320)
    kind = models.CharField(max_length=10, choices=Kind)
    last_at = models.DateTimeField(null=True)
    second_last_at = models.DateTimeField(null=True)
    third_last_at = models.DateTimeField(null=True)

    objects = NoticeLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of notices")
        verbose_name_plural = _("limits of notices")
        constraints = [
            models.UniqueConstraint("address_key", "kind", name="notice_limit_once_a_mailbox")
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
