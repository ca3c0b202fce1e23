"""The forms that a reader can fill in."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from mail.messages.idn import readable
from publications.models import Bulletin, Topic
from subscribers import addresses, mistyped
from subscribers.addresses import Address
from subscribers.keywords import query
from subscribers.keywords.texts import SearchedTexts
from subscribers.mistyped import Question
from subscribers.models import UnsubscribeReason

MAX_DIGITS = 18  # of a number that surely fits in 64 bits
MEANT = "meant"  # the field with the address that is meant, where another was asked about
MAILBOX = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}

NOT_SUPPORTED = _(
    "Addresses with other than Latin letters before the @, such as Chinese ones, are not "
    "supported yet. Please enter another address."
)


class TopicsField(forms.ModelMultipleChoiceField[Topic]):
    """Topics by their numbers. One with more digits than a number of the database has is refused
    before it is looked up: SQLite cannot be asked for it."""

    def clean(self, value: Any) -> Any:
        """Return the topics. Raises ValidationError where one is not offered."""
        for number in map(str, value or ()):
            if len(number) > MAX_DIGITS:
                said = {"value": number[:MAX_DIGITS]}
                raise ValidationError(self.error_messages["invalid_choice"], params=said)
        return super().clean(value)


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
        label=_("Language of the emails"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose a language.")},
        help_text=_(
            "This is the language of everything around the articles. The articles themselves are "
            "in the language of the bulletin."
        ),
        widget=forms.RadioSelect,
    )


class AddressForm(forms.Form):
    """An address. A person does not see `website`: whoever fills it in is a machine."""

    address = forms.CharField(
        label=_("Email address"),
        max_length=320,
        widget=forms.EmailInput(attrs=MAILBOX),
        error_messages={"required": _("Enter your email address.")},
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    asked: Question | None = None  # whether another address is meant
    may_keep = False  # as it is typed, where it can be written to
    kept = ""  # what was asked about and is meant as it is typed

    def clean_address(self) -> Address:
        """The address. Where its domain looks mistyped it is asked about once, and what is meant
        comes as `meant`, by the press of one of two buttons; nothing is changed without it."""
        typed = self.cleaned_data["address"]
        asked, meant = mistyped.question(typed), self.data.get(MEANT, "")
        if asked and meant == asked.meant:
            typed = asked.meant
            data: Any = copy(self.data)
            data["address"] = typed
            self.data = data
        elif asked and meant == asked.typed:
            self.kept = asked.typed
        elif asked:
            self._ask(asked)
        return self._parsed(typed)

    def _ask(self, asked: Question) -> None:
        self.asked = asked
        try:
            self.may_keep = bool(addresses.parse(asked.typed))
        except addresses.NotAnAddress:
            self.may_keep = False
        raise ValidationError(
            _("%(typed)s: did you mean %(meant)s?"),
            params={"typed": asked.typed_domain, "meant": asked.meant_domain},
        )

    @staticmethod
    def _parsed(typed: str) -> Address:
        try:
            return addresses.parse(typed)
        except addresses.NotSupported as error:
            raise ValidationError(NOT_SUPPORTED) from error
        except addresses.NotAnAddress as error:
            raise ValidationError(
                _("Enter an email address in full, such as name@example.com.")
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
        self.fields["topics"] = TopicsField(
            **offered(bulletin), error_messages={"required": _("Choose at least one topic.")}
        )
        self.fields["language"] = language_field()
        self.order_fields(["topics", "address"])  # as the page has them


class ReasonForm(forms.Form):
    """The reason why somebody unsubscribed: one of a few, or their own words, or both."""

    reason = forms.ChoiceField(
        label=_("Would you tell us why?"),
        choices=UnsubscribeReason.Reason,
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")

    def clean_words(self) -> str:
        return " ".join(str(self.cleaned_data["words"]).split())

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError where nothing was said."""
        said = super().clean() or {}
        if not (said.get("reason") or said.get("words") or self.errors):
            self.add_error("reason", _("Choose a reason, or write a few words."))
        said["reason"] = said.get("reason") or UnsubscribeReason.Reason.OTHER.value
        return said


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
    if phrase.without and not SearchedTexts([query.sought_in(typed)]).spans(phrase):
        return _("“%(phrase)s” finds nothing: it leaves out what it looks for.")
    if query.letters_in(phrase) < query.MIN_LETTERS:
        return _("“%(phrase)s”: a phrase has at least one Chinese character or two letters.")
    if len(phrase.key) > query.MAX_KEY:
        return _("“%(phrase)s…”: a phrase has at most %(most)d characters.")
    return ""


def _params(typed: str) -> dict[str, object]:
    shown = typed if len(typed) <= query.MAX_LENGTH else typed[:20]
    return {"phrase": shown, "most": query.MAX_LENGTH}
