"""A reader of one bulletin: an email address from signing up until leaving."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from foundation.link_keys import link_key_field
from foundation.masking import masked
from foundation.time_zones import zone_called
from mail.messages.idn import readable
from publications.models.bulletin import Bulletin
from subscribers.models.mailability import may_be_mailed, skip_reason, suppressed
from subscribers.models.suppression import Suppression


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Asks for subscribers by what they did and may get."""

    def confirmed(self) -> Self:
        """Return who confirmed and has not left."""
        return self.filter(confirmed_at__isnull=False, unsubscribed_at__isnull=True)

    def mailable(self, *, at: datetime) -> Self:
        """Return who may be mailed at `at`: confirmed, not left, not suppressed, not paused."""
        return self.filter(may_be_mailed(at=at))

    def with_skip_reason(self, *, at: datetime) -> Self:
        """Return each with the reason why they must not be mailed at `at`, "" where there is
        none."""
        return self.annotate(skip_reason=skip_reason(at=at))

    def not_suppressed(self) -> Self:
        """Return those whose address may be mailed, readers or not."""
        return self.filter(~suppressed())

    def confirmable(self) -> Self:
        """Return those whose address may be mailed a link to confirm: nothing is held against it,
        and nobody asked there to get no such mail."""
        held = Suppression.objects.unlifted()
        return self.filter(~Exists(held.filter(address_key=OuterRef("address_key"))))

    def due_confirmation(self, *, at: datetime) -> Self:
        """Return who is due at `at` to be mailed the link to confirm, or, as a reader, the link to
        their choices."""
        return self.filter(confirmation_due_at__lte=at).confirmable()

    def due_greeting(self, *, at: datetime) -> Self:
        """Return who became a reader, could be told of no issue yet, and is due at `at` to be
        mailed that they are one."""
        return self.confirmed().filter(greeting_due_at__lte=at).not_suppressed()

    def due_goodbye(self, *, at: datetime) -> Self:
        """Return who left and is due at `at` to be mailed a goodbye."""
        return self.filter(goodbye_due_at__lte=at, unsubscribed_at__isnull=False).not_suppressed()


class Subscriber(models.Model):
    """A reader of one bulletin.

    `address_key` is the address as far as it names a mailbox (`subscribers.addresses`), so
    that one mailbox reads a bulletin once. Each state is the time when it began. `link_key` is
    what the reader's links carry (`subscribers.links`). `welcome_due_at` is when the first mail is
    due, and `catch_up_due_at` when what was not mailed meanwhile is: what is written down as
    pending (`digests.audience`), and the issues `missing_since` a time at which they left.
    Who gets no such mail, because there is no issue for them yet, is greeted at `greeting_due_at`.
    A row that is `masked`, as pages for those have it who may not see addresses, names itself by
    the first letter and the domain.
    """

    class Format(models.TextChoices):
        """The format of the mails: HTML with the same as text beside it, or text alone."""

        HTML = "html", _("HTML with images")
        TEXT = "text", _("plain text")

    class Length(models.TextChoices):
        """The length of a mail: how much of each article it shows."""

        FULL = "full", _("full: the beginnings of the first articles, and headlines")
        SHORT = "short", _("short: the beginning of one article of each section, and headlines")
        HEADLINES = "headlines", _("headlines only")

    class Cadence(models.TextChoices):
        """The cadence at which a reader gets digests."""

        ISSUE = "issue", _("with each issue")
        WEEKLY = "weekly", _("once a week")
        MONTHLY = "monthly", _("once a month")

    masked = False

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="subscribers", verbose_name=_("bulletin")
    )
    address = models.EmailField(_("address"), max_length=320)
    address_key = models.CharField(max_length=320, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=120, blank=True, db_default="")
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="zh-hans"
    )
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.HTML)
    length = models.CharField(
        _("length"), max_length=9, choices=Length, default=Length.FULL, db_default=Length.FULL
    )
    cadence = models.CharField(
        _("how often"), max_length=7, choices=Cadence, default=Cadence.ISSUE, db_default="issue"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Empty: that of the site.")
    )
    signed_up_at = models.DateTimeField(_("signed up"))
    confirmation_requested_at = models.DateTimeField(null=True, editable=False)
    confirmation_due_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("left"), null=True, blank=True)
    link_key = link_key_field()
    goodbye_due_at = models.DateTimeField(null=True, editable=False)
    greeting_due_at = models.DateTimeField(null=True, editable=False)
    welcome_due_at = models.DateTimeField(null=True, editable=False)
    catch_up_due_at = models.DateTimeField(null=True, editable=False)
    missing_since = models.DateTimeField(null=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        ordering = ["-signed_up_at", "-pk"]
        permissions = [
            ("view_address", _("Can see the whole addresses of readers")),
            ("import_subscriber", _("Can import and add readers")),
            ("export_subscriber", _("Can export lists of readers")),
        ]
        constraints = [
            models.UniqueConstraint("bulletin", "address_key", name="subscriber_once_a_bulletin")
        ]
        indexes = [
            models.Index(
                fields=["bulletin", "id"],
                name="subscriber_confirmed",
                condition=Q(confirmed_at__isnull=False, unsubscribed_at__isnull=True),
            ),
            models.Index(
                fields=["confirmation_due_at"],
                name="subscriber_confirmation",
                condition=Q(confirmation_due_at__isnull=False),
            ),
            # In the order of the list in the admin, whose page else sorts all readers. Neither
            # sending nor a change of what they follow touches it.
            models.Index(fields=["-signed_up_at", "-id"], name="subscriber_newest"),
            models.Index(
                fields=["goodbye_due_at"],
                name="subscriber_goodbye",
                condition=Q(goodbye_due_at__isnull=False),
            ),
            models.Index(
                fields=["greeting_due_at"],
                name="subscriber_greeting",
                condition=Q(greeting_due_at__isnull=False),
            ),
            models.Index(
                fields=["welcome_due_at"],
                name="subscriber_welcome",
                condition=Q(welcome_due_at__isnull=False),
            ),
            models.Index(
                fields=["catch_up_due_at"],
                name="subscriber_catch_up",
                condition=Q(catch_up_due_at__isnull=False),
            ),
            models.Index(
                fields=["paused_until"],
                name="subscriber_paused",
                condition=Q(paused_until__isnull=False),
            ),
            models.Index(
                fields=["signed_up_at"],
                name="subscriber_unconfirmed",
                condition=Q(confirmed_at__isnull=True),
            ),
            # For the figures of the last days, which else read all readers.
            models.Index(
                fields=["confirmed_at"],
                name="subscriber_joined",
                condition=Q(confirmed_at__isnull=False),
            ),
            models.Index(
                fields=["unsubscribed_at"],
                name="subscriber_left",
                condition=Q(unsubscribed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return masked(readable(self.address)) if self.masked else readable(self.address)

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about them is found."""
        return {"publication": self.bulletin_id, "reader": self.pk}

    @property
    def is_reading(self) -> bool:
        """Whether they confirmed and have not left."""
        return self.confirmed_at is not None and self.unsubscribed_at is None

    def is_paused(self, *, at: datetime) -> bool:
        """Return whether they have paused at `at`."""
        return self.paused_until is not None and self.paused_until > at

    @property
    def first_day(self) -> date | None:
        """The day on which they began to read, by the site's calendar."""
        began, zone = self.confirmed_at, timezone.get_default_timezone()
        return timezone.localtime(began, zone).date() if began else None

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone; the site's where they did not choose one, or it is no more."""
        return zone_called(self.time_zone)
