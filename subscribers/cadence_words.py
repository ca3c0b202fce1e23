"""The cadences of a bulletin in words, with the day and the hour at which its mails come."""

from __future__ import annotations

from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from publications.models import Bulletin
from publications.models.bulletin import Weekday
from subscribers.models import Subscriber

_ON = {
    Weekday.MONDAY: gettext_lazy("on Mondays"),
    Weekday.TUESDAY: gettext_lazy("on Tuesdays"),
    Weekday.WEDNESDAY: gettext_lazy("on Wednesdays"),
    Weekday.THURSDAY: gettext_lazy("on Thursdays"),
    Weekday.FRIDAY: gettext_lazy("on Fridays"),
    Weekday.SATURDAY: gettext_lazy("on Saturdays"),
    Weekday.SUNDAY: gettext_lazy("on Sundays"),
}


def choices(bulletin: Bulletin) -> list[tuple[str, str]]:
    """Return the choices of how often mail comes."""
    hour = f"{bulletin.digest_hour}:00"
    days = str(_ON[Weekday(bulletin.weekly_day)])
    weekly = _("once a week, %(days)s at %(hour)s") % {"days": days, "hour": hour}
    day = _day_of_the_month(bulletin.monthly_day)
    monthly = _("once a month, on the %(day)s at %(hour)s") % {"day": day, "hour": hour}
    cadence = Subscriber.Cadence
    return [
        (cadence.ISSUE.value, str(cadence.ISSUE.label)),
        (cadence.WEEKLY.value, weekly),
        (cadence.MONTHLY.value, monthly),
    ]


def _day_of_the_month(day: int) -> str:
    """Return the day as it stands in a date: "1st" in English."""
    if (get_language() or "").startswith("en"):
        return formatted(date(2026, 1, day), "jS")
    return str(day)
