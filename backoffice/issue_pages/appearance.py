"""The choice of when and where an issue appears: at a time, on the web only; and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.history import LogChange
from backoffice.mailing_pages import progress
from digests import obstacles, publishing, scheduling, taking_back
from digests.models import Digest
from foundation import time_zones
from issues.models import Article, Issue
from publications.models import Bulletin

EARLY = 8  # o'clock, for who presses "tomorrow"
_INPUT = "%Y-%m-%dT%H:%M"  # as browsers send it (HTML, 2.3.5.5)
_YEARS = (1, 9999)
NOT_IN_TIME = gettext_lazy("Choose a time that is still to come, within a year.")


class WallTimeField(forms.Field):
    """A day and a time as a clock on the wall shows them."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_INPUT)

    def to_python(self, value: Any) -> datetime | None:
        """Return it without a time zone. Raises ValidationError."""
        try:
            wall = datetime.strptime(value, _INPUT) if value else None  # noqa: DTZ007
        except ValueError as error:
            raise forms.ValidationError(_("Write it as 2026-09-15T08:00.")) from error
        if wall and not _YEARS[0] < wall.year < _YEARS[1]:  # beyond them a zone cannot count
            raise forms.ValidationError(NOT_IN_TIME)
        return wall


class AppearanceForm(forms.Form):
    """A time in the zone of the bulletin, and whether readers are mailed. `at` is the moment that
    it is, None for at once."""

    publish_at = WallTimeField(label=gettext_lazy("Time"), required=False)
    web_only = forms.BooleanField(
        label=gettext_lazy("On the web only: nobody gets a mail"), required=False
    )

    def __init__(self, bulletin: Bulletin, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = bulletin.zone
        self.at: datetime | None = None
        self.fields["publish_at"].help_text = _("In the time zone %(zone)s.") % {"zone": self._zone}

    def clean_publish_at(self) -> datetime | None:
        """Find the moment. Raises ValidationError for a time that never comes."""
        wall: datetime | None = self.cleaned_data["publish_at"]
        try:
            self.at = time_zones.moment(wall, self._zone) if wall else None
        except time_zones.NoSuchTime as error:
            never = _("The clocks are put forward over that time: it never comes.")
            raise forms.ValidationError(never) from error
        return wall

    def clean(self) -> dict[str, Any] | None:
        """Raise ValidationError where nothing was chosen: to mail at once is another button."""
        cleaned = super().clean() or {}
        if not self.errors and not self.at and not cleaned["web_only"]:
            raise forms.ValidationError(_("Choose a time, or “On the web only”."))
        return cleaned


def tomorrow(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    """Schedule it for the next morning at the place of the bulletin."""
    early = time_zones.tomorrow(timezone.now(), issue.bulletin.zone, hour=EARLY)
    return _schedule(request, issue, at=early, mailed=True, log_change=log_change)


def choose(
    request: HttpRequest, issue: Issue, form: AppearanceForm, *, log_change: LogChange
) -> HttpResponse | None:
    """Do what the form says. Returns None where it is refused, with its errors."""
    if not form.is_valid():
        return None
    web_only = form.cleaned_data["web_only"]
    if form.at is None:
        return _on_the_web(request, issue, log_change=log_change)
    try:
        return _schedule(request, issue, at=form.at, mailed=not web_only, log_change=log_change)
    except scheduling.NotInTime:
        form.add_error("publish_at", str(NOT_IN_TIME))
        return None


def _schedule(
    request: HttpRequest, issue: Issue, *, at: datetime, mailed: bool, log_change: LogChange
) -> HttpResponse:
    was = issue.publish_at
    when = {"time": in_words(issue, at)}
    done = _("Scheduled for %(time)s.") if mailed else _("Scheduled for %(time)s, without mails.")
    with transaction.atomic():
        scheduling.schedule(issue, publish_at=at, mailed=mailed, at=timezone.now())
        log_change(
            request,
            issue,
            done % when,
            act="issue.scheduled",
            before={"publish_at": was.isoformat()} if was else {},
            after={"publish_at": at.isoformat(), "time": when["time"], "mailed": mailed},
        )
    messages.success(request, done % when)
    wall = at.astimezone(issue.bulletin.zone).replace(tzinfo=None, fold=0)
    if time_zones.is_twice(wall, issue.bulletin.zone):
        messages.info(request, _("The clocks show that time twice on that day; the first counts."))
    return redirect("admin:issues_issue_change", issue.pk)


def _on_the_web(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    with transaction.atomic():
        new = publishing.publish_on_the_web(issue, at=timezone.now())
        if new:
            said = _("Published on the web only.")
            log_change(request, issue, said, act="issue.published_on_the_web")
    if new:
        messages.success(request, _("Published on the web only. Nobody is mailed."))
    else:
        messages.info(request, _("This issue was published before."))
    return redirect("admin:issues_issue_change", issue.pk)


def unschedule(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    """Make a scheduled issue a draft without a time, or forget that it missed its time."""
    was = issue.publish_at.isoformat() if issue.publish_at else ""
    with transaction.atomic():
        done = scheduling.unschedule(issue)
        if done:
            said = _("The time of publication was taken back.")
            before = {"publish_at": was}
            log_change(request, issue, said, act="issue.unscheduled", before=before)
    if done:
        messages.success(request, _("It is a draft without a time again."))
    elif not scheduling.dismiss(issue):
        messages.warning(request, _("It was published meanwhile, or has no time any more."))
    return redirect("admin:issues_issue_change", issue.pk)


def take_back(request: HttpRequest, issue: Issue, *, log_change: LogChange) -> HttpResponse:
    """Make an issue that was just published a draft again."""
    digests = list(Digest.objects.of_issue(issue).defer("blocks", "texts"))
    try:
        with transaction.atomic():
            taken = taking_back.take_back(issue, at=timezone.now())
            if taken:
                said = _("Taken back before its first mail left.")
                log_change(request, issue, said, act="issue.taken_back")
    except taking_back.MailsAreLeaving:
        messages.warning(
            request,
            _(
                "Mails of this issue are leaving, so that it cannot be taken back. You can stop "
                "the mailing, withdraw the issue from the web, or send a correction afterwards."
            ),
        )
    else:
        if taken:
            messages.success(request, _("It is a draft again. Nobody gets a mail."))
            for digest in digests:
                progress.enqueue_sending(request, digest)
    return redirect("admin:issues_issue_change", issue.pk)


def context(issue: Issue) -> dict[str, Any]:
    """Return what the page of an issue shows of this. No query for a draft, four at most."""
    if issue.publish_at:
        return {"appears": in_words(issue, issue.publish_at), "countdown": countdown(issue)}
    if issue.missed_at:
        return {
            "missed": in_words(issue, issue.missed_at),
            "obstacles": obstacles.kept(issue.obstacles),
        }
    if not issue.was_published:
        return {}
    withdrawn = Article.objects.filter(section__issue=issue, withdrawn_at__isnull=False)
    return {
        "can_be_taken_back": taking_back.can_be_taken_back(issue),
        "withdrawn": withdrawn.named().order_by("-withdrawn_at"),
    }


def in_words(issue: Issue, at: datetime) -> str:
    """Return a time as a clock at the place of the bulletin shows it, with the place where that
    is not the site's."""
    zone = issue.bulletin.zone
    words = date_format(at.astimezone(zone), "DATETIME_FORMAT")
    here = str(zone) == str(timezone.get_default_timezone())
    return words if here else _("%(time)s (%(zone)s)") % {"time": words, "zone": zone}


def countdown(issue: Issue) -> str:
    """Return how long it is to the publication of a scheduled issue."""
    now = timezone.now()
    if issue.publish_at is None or issue.publish_at <= now:
        return _("in a moment")
    return _("in %(time)s") % {"time": timeuntil(issue.publish_at, now)}
