"""When each worker, and the beat, was heard last."""

from __future__ import annotations

from datetime import datetime

from django.db import models

BEAT = "beat"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Writing down who is heard, and who was."""

    def hear(self, name: str, *, at: datetime) -> None:
        """Write down that `name` was heard at `at`. One query, two the first time."""
        if not self.filter(pk=name, heard_at__lt=at).update(heard_at=at):
            self.bulk_create([Heartbeat(name=name, heard_at=at)], ignore_conflicts=True)

    def heard(self) -> dict[str, datetime]:
        """When each was heard last, by name. One query."""
        return dict(self.values_list("name", "heard_at"))


class Heartbeat(models.Model):
    """When a worker of the queue `name`, or the beat (`BEAT`), was heard last."""

    name = models.CharField(primary_key=True, max_length=50)
    heard_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
