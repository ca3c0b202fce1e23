"""The times at which each worker, and the beat, last gave a sign of life."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

BEAT = "beat"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Recording signs of life, and asking for the last ones."""

    def record(self, name: str, *, at: datetime) -> None:
        """Record a sign of life of `name` at `at`. One query, two the first time."""
        if not self.filter(pk=name, seen_at__lt=at).update(seen_at=at):
            self.bulk_create([Heartbeat(name=name, seen_at=at)], ignore_conflicts=True)

    def last_seen(self) -> dict[str, datetime]:
        """Return the time of the last sign of life of each, by name. One query."""
        return dict(self.values_list("name", "seen_at"))


class Heartbeat(models.Model):
    """The last sign of life of a worker of the queue `name`, or of the beat (`BEAT`)."""

    name = models.CharField(primary_key=True, max_length=50)
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name
