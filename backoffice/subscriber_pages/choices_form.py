"""The form in which the office changes a reader's choices on their behalf, with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.merging import MergingForm
from mail.outcomes import sanitized
from publications.models import Topic
from subscribers.forms import TopicsField, offered
from subscribers.models import Subscriber

MAX_REASON = 200
WITH_REASON = frozenset({"topics", "language", "format", "length", "cadence"})
SHOWN = "shown_topics"


def reason_field(*, required: bool) -> forms.CharField:
    """The reason why something is done on a reader's behalf, for the log."""
    return forms.CharField(
        label=gettext_lazy("Why, in a few words"),
        max_length=MAX_REASON,
        required=required,
        help_text=gettext_lazy("Such as “asked for it by telephone”. It stands in the log."),
    )


class ChoicesForm(MergingForm):
    """A reader's name, language, format, length, cadence and topics. Of the topics those are
    changed that were changed in the form: what the reader chose meanwhile stays."""

    topics = forms.ModelMultipleChoiceField(Topic.objects.none(), required=False)
    shown_topics = forms.CharField(required=False, widget=forms.HiddenInput)
    because = reason_field(required=False)

    class Meta:
        model = Subscriber
        fields = ("name", "language", "format", "length", "cadence", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun: list[Topic] = []
        self.ended: list[Topic] = []
        if "topics" in self.fields:
            self._offer_topics()

    def _offer_topics(self) -> None:
        reader = self.instance
        choice = TopicsField(**offered(reader.bulletin), required=False)
        self.fields["topics"] = choice
        followed = list(
            Topic.objects.filter(
                subscriptions__subscriber=reader,
                subscriptions__ended_at=None,
                retired_at__isnull=True,
            )
        )
        sent = self.data.get(self.add_prefix(SHOWN)) if self.is_bound else None
        keys = {topic.pk for topic in followed} if sent is None else _numbers(sent)
        shown = [topic for topic in choice.queryset or [] if topic.pk in keys]
        self.initial["topics"] = shown
        self.initial[SHOWN] = ",".join(str(topic.pk) for topic in shown)
        self.fields[SHOWN].show_hidden_initial = False

    def clean_because(self) -> str:
        return sanitized(self.cleaned_data["because"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if "topics" in self.fields and "topics" in cleaned:
            shown, chosen = self.initial["topics"], list(cleaned["topics"])
            self.begun = [topic for topic in chosen if topic not in shown]
            self.ended = [topic for topic in shown if topic not in chosen]
        changed = WITH_REASON.intersection(self.changed_data)
        if changed and "because" in self.fields and not cleaned.get("because"):
            self.add_error("because", ValidationError(_("Say why: readers may ask.")))
        return cleaned


def _numbers(text: str) -> set[int]:
    return {int(each) for each in text.split(",") if each.isdecimal()}
