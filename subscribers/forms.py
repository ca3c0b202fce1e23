"""What a reader can fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from subscribers import addresses
from subscribers.addresses import Address
from subscribers.models import Bulletin, Subscriber, Topic

MAILBOX = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}


def offered(bulletin: Bulletin) -> dict[str, Any]:
    """The choice of the bulletin's topics, without those that are retired."""
    return {
        "queryset": Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True),
        "widget": forms.CheckboxSelectMultiple,
        "label": _("Topics"),
    }


def language_field() -> forms.ChoiceField:
    """The choice of the language of the mails."""
    return forms.ChoiceField(
        label=_("Language of the mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class SignUpForm(forms.Form):
    """An address, topics (none is chosen beforehand) and a language.

    A person does not see `website`: whoever fills it in is a machine.
    """

    address = forms.CharField(
        label=_("Email address"), max_length=320, widget=forms.EmailInput(attrs=MAILBOX)
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))

    def __init__(
        self, bulletin: Bulletin, data: Mapping[str, Any] | None = None, *, language: str
    ) -> None:
        super().__init__(data, initial={"language": language}, label_suffix="")
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            **offered(bulletin), error_messages={"required": _("Choose at least one topic.")}
        )
        self.fields["language"] = language_field()

    def clean_address(self) -> Address:
        try:
            return addresses.parse(self.cleaned_data["address"])
        except addresses.NotAnAddress as error:
            raise ValidationError(
                _("This is not an email address that can be written to. Is there a typing error?")
            ) from error


class PreferencesForm(forms.Form):
    """Topics, language and name of a reader."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Only if you would like to be greeted by it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, subscriber: Subscriber, data: Mapping[str, Any] | None = None) -> None:
        followed = subscriber.subscriptions.current().values_list("topic_id", flat=True)
        chosen = {"name": subscriber.name, "language": subscriber.language, "topics": followed}
        super().__init__(data, initial=chosen, label_suffix="")
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            **offered(subscriber.bulletin),
            error_messages={
                "required": _("Choose at least one topic. To get no mail at all, pause or leave.")
            },
        )
        self.fields["language"] = language_field()

    def clean_name(self) -> str:
        """The name in one line: it may come to stand in a header."""
        return " ".join(str(self.cleaned_data["name"]).split())
