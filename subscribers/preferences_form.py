"""The forms of a reader's own page: what they choose, and until when they pause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.time_zones import zone_called
from subscribers import cadence_words, time_zone_choices
from subscribers.forms import KeywordAlertsField, TopicsField, language_field, offered
from subscribers.models import Subscriber

LONGEST_PAUSE = timedelta(days=365)
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]


class PreferencesForm(forms.Form):
    """Topics, keyword alerts, how often, length, language, format, time zone and name of a
    reader."""

    keyword_alerts = KeywordAlertsField(
        label=_("Words to watch for"),
        required=False,
        help_text=_(
            "An article with one of them comes to you from whichever section, and stands first. "
            "Commas part them. “In quotation marks” is found letter for letter, -word leaves out "
            "what has that word, too."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cadence = forms.ChoiceField(
        label=_("How often"),
        required=False,
        help_text=_("You get no email when there is nothing for you, and no article twice."),
        widget=forms.RadioSelect,
    )
    length = forms.ChoiceField(
        label=_("Length of the emails"),
        required=False,
        choices=Subscriber.Length,
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(
        label=_("Format of the emails"), choices=Subscriber.Format, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Only if you would like to be greeted by it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, subscriber: Subscriber, data: Mapping[str, Any] | None = None) -> None:
        followed = list(subscriber.subscriptions.current().values_list("topic_id", flat=True))
        keyword_alerts = subscriber.keyword_alerts.values_list("phrase", flat=True)
        chosen = {
            "name": subscriber.name,
            "language": subscriber.language,
            "format": subscriber.format,
            "length": subscriber.length,
            "cadence": subscriber.cadence,
            "time_zone": subscriber.time_zone,
            "topics": followed,
            "keyword_alerts": "\n".join(keyword_alerts),
        }
        super().__init__(data, initial=chosen, label_suffix="")
        self.followed = followed
        self.fields["topics"] = TopicsField(**offered(subscriber.bulletin), required=False)
        self.fields["language"] = language_field()
        _offer(self.fields["cadence"], cadence_words.choices(subscriber.bulletin))
        self._say_whose_clock(subscriber)
        zones = time_zone_choices.choices(subscriber.time_zone, at=timezone.now())
        _offer(self.fields["time_zone"], zones)

    def _say_whose_clock(self, reader: Subscriber) -> None:
        """Say whose hours are meant, where the reader's clock shows others."""
        own = reader.bulletin.time_zone or settings.TIME_ZONE
        now = timezone.now()
        if now.astimezone(reader.zone).utcoffset() == now.astimezone(zone_called(own)).utcoffset():
            return
        meant = _("Hours are those of %(zone)s.") % {"zone": time_zone_choices.label(own, at=now)}
        field = self.fields["cadence"]
        field.help_text = f"{field.help_text} {meant}"

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError where there is nothing to get a mail for."""
        chosen = super().clean() or {}
        if not (chosen.get("topics") or chosen.get("keyword_alerts") or self.errors):
            self.add_error(
                "topics",
                _("Choose a topic or a phrase. To get no emails at all, pause or unsubscribe."),
            )
        return chosen

    def keywords(self) -> list[str]:
        """Return the phrases that are typed; none where one cannot be watched for. The errors of
        the other fields are forgotten."""
        self.is_valid()
        for name in set(self.errors) - {"keyword_alerts"}:
            del self.errors[name]
        return list(self.cleaned_data.get("keyword_alerts", []))

    def clean_name(self) -> str:
        """The name in one line: it may come to stand in a header."""
        return " ".join(str(self.cleaned_data["name"]).split())


class PauseForm(forms.Form):
    """The day until which a reader pauses, in their time zone: on it mail comes again."""

    until = forms.DateField(
        label=_("Or until a date"),
        input_formats=DATES,
        error_messages={
            "required": _("Choose the date on which emails are to start again."),
            "invalid": _("This is not a date. Write it as 2026-09-15."),
        },
    )

    def __init__(self, reader: Subscriber, data: Mapping[str, Any] | None, *, at: datetime) -> None:
        super().__init__(data, label_suffix="")
        self._zone = reader.zone
        today = at.astimezone(reader.zone).date()
        self.first, self.last = today + timedelta(days=1), today + LONGEST_PAUSE
        attrs = {"type": "date", "min": self.first.isoformat(), "max": self.last.isoformat()}
        self.fields["until"].widget = forms.DateInput(attrs=attrs, format="%Y-%m-%d")

    def clean_until(self) -> datetime:
        """Return when that day begins. Raises ValidationError for one that is over, or far off."""
        day: date = self.cleaned_data["until"]
        if not self.first <= day <= self.last:
            raise ValidationError(
                _("Choose a date from %(first)s to %(last)s: a pause lasts a year at most."),
                params={"first": date_format(self.first), "last": date_format(self.last)},
            )
        return datetime.combine(day, time(0), self._zone)


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    """Give a ChoiceField its choices."""
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(field)
    field.choices = choices
