"""The surroundings of the database, by which it shows when it was restored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.Model):
    """One row: a random name of this service's database, which all its copies share, and the
    `place` where its tables lay when they were last looked at
    (`digests.sending.restored_backup`). `restored_at` is when it was found to come from a backup,
    the last time."""

    service = models.CharField(max_length=32)
    place = models.CharField(max_length=200, blank=True)
    restored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")

    def __str__(self) -> str:
        return self.service


class Folder(models.Model):
    """The DATA_DIR of some worker machine, by its random name, and how many claims were made from
    there. The folder knows the number, too. None: as many as the folder says."""

    name = models.CharField(max_length=32, primary_key=True)
    claims = models.BigIntegerField(null=True, default=0)

    class Meta:
        verbose_name = _("data folder")
        verbose_name_plural = _("data folders")

    def __str__(self) -> str:
        return self.name
