"""The forms that a reader can fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from mail.messages.idn import readable
from publications.models import Bulletin, Topic
from subscribers import addresses
from subscribers.addresses import Address
from subscribers.keywords import query
from subscribers.models import Subscriber

AREAS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
    "Indian", "Pacific",
)  # fmt: skip
MAILBOX = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}

NOT_SUPPORTED = _(
    "Addresses with letters other than a to z before the @ are not supported yet. Please give "
    "another address."
)


def offered(bulletin: Bulletin) -> dict[str, Any]:
    """The choice of the bulletin's topics, without those that are retired."""
    return {
        "queryset": Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True),
        "widget": forms.CheckboxSelectMultiple,
        "label": _("Topics"),
    }


def time_zones() -> list[tuple[str, object]]:
    """The choice of time zones: that of the site, then all that are named for a place."""
    places = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in AREAS)
    own = _("As the site: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", own), *((zone, zone.replace("_", " ")) for zone in places)]


def language_field() -> forms.ChoiceField:
    """The choice of the language of the mails."""
    return forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        help_text=_(
            "Of the words around the articles; the articles themselves stay in the language of "
            "the bulletin."
        ),
        widget=forms.RadioSelect,
    )


class AddressForm(forms.Form):
    """An address. A person does not see `website`: whoever fills it in is a machine."""

    address = forms.CharField(
        label=_("Email address"), max_length=320, widget=forms.EmailInput(attrs=MAILBOX)
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))

    def clean_address(self) -> Address:
        try:
            return addresses.parse(self.cleaned_data["address"])
        except addresses.NotSupported as error:
            raise ValidationError(NOT_SUPPORTED) from error
        except addresses.NotAnAddress as error:
            raise ValidationError(
                _("This is not an email address that can be written to. Is there a typing error?")
            ) from error


class LinkForm(AddressForm):
    """The address to which a link is to be mailed."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")


class SignUpForm(AddressForm):
    """An address, topics (none is chosen beforehand) and a language; `typed` is what stands in
    the form before it is filled in."""

    def __init__(
        self,
        bulletin: Bulletin,
        data: Mapping[str, Any] | None = None,
        *,
        language: str,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        known = dict(typed or {})
        known["address"] = readable(known.get("address", ""))
        super().__init__(data, initial={"language": language, **known}, label_suffix="")
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            **offered(bulletin), error_messages={"required": _("Choose at least one topic.")}
        )
        self.fields["language"] = language_field()


class KeywordAlertsField(forms.CharField):
    """Phrases: lines, commas and semicolons part them (`subscribers.keywords.query`)."""

    def to_python(self, value: Any) -> Any:
        return query.split(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        """Raise ValidationError for too many phrases, or one that is too short or too long, or says
        only what must not be there."""
        if len(value) > query.MAX_KEYWORD_ALERTS:
            raise ValidationError(
                _("These are more than %(most)d phrases."),
                params={"most": query.MAX_KEYWORD_ALERTS},
            )
        for phrase in value:
            if error := _error_of(phrase):
                raise ValidationError(error, params=_params(phrase))

    def clean(self, value: Any) -> list[str]:
        """Return the phrases, of those that find the same the last."""
        found = super().clean(value)
        return list({query.phrase_of(phrase).key: phrase for phrase in found}.values())


def _error_of(typed: str) -> StrOrPromise:
    """Return why a phrase cannot be watched for; "" where it can."""
    if len(typed) > query.MAX_LENGTH:
        return _("“%(phrase)s…”: a phrase has at most %(most)d characters.")
    phrase = query.phrase_of(typed)
    if phrase.without and not phrase.terms:
        return _("“%(phrase)s”: say what to look for, too, not only what to leave out.")
    if query.letters_in(phrase) < query.MIN_LETTERS:
        return _("“%(phrase)s”: a phrase has at least one Chinese character or two letters.")
    if len(phrase.key) > query.MAX_KEY:
        return _("“%(phrase)s…”: a phrase has at most %(most)d characters.")
    return ""


def _params(typed: str) -> dict[str, object]:
    shown = typed if len(typed) <= query.MAX_LENGTH else typed[:20]
    return {"phrase": shown, "most": query.MAX_LENGTH}


class PreferencesForm(forms.Form):
    """Topics, keyword alerts, language, format, time zone and name of a reader."""

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
    format = forms.ChoiceField(
        label=_("Format of the mails"), choices=Subscriber.Format, widget=forms.RadioSelect
    )

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Only if you would like to be greeted by it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)

    def __init__(self, subscriber: Subscriber, data: Mapping[str, Any] | None = None) -> None:
        followed = subscriber.subscriptions.current().values_list("topic_id", flat=True)
        keyword_alerts = subscriber.keyword_alerts.values_list("phrase", flat=True)
        chosen = {
            "name": subscriber.name,
            "language": subscriber.language,
            "format": subscriber.format,
            "time_zone": subscriber.time_zone,
            "topics": followed,
            "keyword_alerts": "\n".join(keyword_alerts),
        }
        super().__init__(data, initial=chosen, label_suffix="")
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            **offered(subscriber.bulletin), required=False
        )
        self.fields["language"] = language_field()

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError where there is nothing to get a mail for."""
        chosen = super().clean() or {}
        if not (chosen.get("topics") or chosen.get("keyword_alerts") or self.errors):
            self.add_error(
                "topics",
                _("Choose a topic or a phrase. To get no mail at all, pause or leave."),
            )
        return chosen

    def clean_name(self) -> str:
        """The name in one line: it may come to stand in a header."""
        return " ".join(str(self.cleaned_data["name"]).split())
