"""A publication with its own sender, look, topics and archive."""

from __future__ import annotations

from datetime import tzinfo
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import (
    FileExtensionValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from foundation import time_zones

IMAGE_BYTES = 200_000
IMAGE_TYPES = ("png", "jpg", "jpeg", "gif")


def image_path(bulletin: Bulletin, name: str) -> str:
    """Return where the image of a bulletin is kept."""
    return f"bulletins/{bulletin.slug}/{name}"


def is_light(image: FieldFile) -> None:
    """Raise ValidationError for an image that would make each mail heavy to open."""
    if image.size > IMAGE_BYTES:
        raise ValidationError(_("The image is larger than 200 kB."))


def is_time_zone(name: str) -> None:
    """Raise ValidationError for what is no time zone."""
    if name not in time_zones.places():
        raise ValidationError(_("There is no such time zone."))


class Weekday(models.IntegerChoices):
    """The days of a week (ISO 8601, 4.3.1)."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Questions to the bulletins."""

    def read_at(self, address_key: str) -> Self:
        """Return those of which mail comes to that mailbox: it confirmed, and has not left."""
        return self.filter(
            subscribers__address_key=address_key,
            subscribers__confirmed_at__isnull=False,
            subscribers__unsubscribed_at__isnull=True,
        )


class Bulletin(models.Model):
    """A publication. Its slug stands in every address of its pages and is not changed."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), unique=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences for the sign-up page.")
    )
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="zh-hans"
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    postal_address = models.CharField(
        _("postal address"),
        max_length=300,
        blank=True,
        help_text=_("Stands at the foot of every mail; many countries require it."),
    )
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    sender_email = models.EmailField(_("sender address"))
    reply_to = models.EmailField(_("reply address"), blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[is_time_zone],
        help_text=_(
            "Times at which issues are to appear are meant in it. Empty: that of the site."
        ),
    )
    rate_limit = models.PositiveIntegerField(
        _("mails a minute, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Spreads a digest over time. Empty: as fast as the mail server takes them."),
    )
    weekly_day = models.PositiveSmallIntegerField(
        _("day of the weekly mail"), choices=Weekday, default=Weekday.FRIDAY, db_default=5
    )
    monthly_day = models.PositiveSmallIntegerField(
        _("day of the monthly mail"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Of the month, from 1 to 28."),
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of these mails"),
        default=8,
        db_default=8,
        validators=[MaxValueValidator(23)],
        help_text=_("From 0 to 23, in the time zone of the bulletin."),
    )
    needs_sign_off = models.BooleanField(
        _("issues need a second person's release"),
        default=False,
        db_default=False,
        help_text=_(
            "Nothing is published or mailed before somebody else has released exactly what is "
            "published. Whoever may publish issues of this bulletin may release them."
        ),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("A colour such as #1f4e79."))],
    )
    image = models.ImageField(
        _("image"),
        upload_to=image_path,
        blank=True,
        width_field="image_width",
        height_field="image_height",
        validators=[FileExtensionValidator(list(IMAGE_TYPES)), is_light],
        help_text=_(
            "Stands in the head of every mail instead of the name: PNG, JPEG or GIF, best twice as "
            "large as it is to be seen, 200 kB at most."
        ),
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about it is found, and its name."""
        return {"publication": self.pk, "subject": self.name}

    @property
    def zone(self) -> tzinfo:
        """The time zone in which its issues appear."""
        return time_zones.zone_called(self.time_zone)
