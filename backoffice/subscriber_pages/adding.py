"""Adding a reader, on a page of its own or in a line of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit_log.recording import record_act
from backoffice.subscriber_pages.import_forms import CONSENT_HELP
from backoffice.subscriber_pages.import_rights import allowed_bulletins, may_import
from publications.models import Bulletin, Topic
from subscribers import adding, addresses
from subscribers.addresses import Address
from subscribers.forms import NOT_SUPPORTED
from subscribers.importing.entering import Entered
from subscribers.importing.values import Outcome

SENTENCES = {
    Outcome.NEW: gettext_lazy("The reader is added."),
    Outcome.CONFIRMED: gettext_lazy(
        "They had signed up without confirming. They are a reader from now on."
    ),
    Outcome.ASKED: gettext_lazy("They are mailed a link, and become a reader by confirming."),
    Outcome.WAITING: gettext_lazy("They were mailed a link to confirm before."),
    Outcome.KNOWN: gettext_lazy("They are a reader already. Nothing was changed."),
    Outcome.LEFT: gettext_lazy(
        "They had left. They are not added without confirming: choose the mail that asks them."
    ),
    Outcome.SUPPRESSED: gettext_lazy("This address must not be mailed. Nobody was added."),
    Outcome.ERASED: gettext_lazy(
        "They had their data erased. They are not added without confirming: choose the mail that "
        "asks them."
    ),
}
GOOD = (Outcome.NEW, Outcome.CONFIRMED, Outcome.ASKED)


class AddForm(forms.Form):
    """An address, and what is said of its owner."""

    address = forms.CharField(
        label=gettext_lazy("Email address"),
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, required=False
    )
    bulletin = forms.ModelChoiceField(Bulletin.objects.none(), label=gettext_lazy("Bulletin"))
    consent = forms.CharField(
        label=gettext_lazy("Where their consent comes from"),
        max_length=300,
        help_text=CONSENT_HELP,
    )
    confirm = forms.ChoiceField(
        label=gettext_lazy("Confirmation"),
        choices=[
            ("yes", gettext_lazy("ask them by mail first")),
            ("no", gettext_lazy("they agreed already")),
        ],
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=gettext_lazy("Topics"),
        required=False,
        help_text=gettext_lazy("None chosen: all of the bulletin."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, bulletins: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bulletin"].queryset = bulletins  # type: ignore[attr-defined]
        only = list(bulletins[:2])
        if len(only) == 1:
            self.initial["bulletin"] = only[0].pk
        topics = Topic.objects.filter(bulletin__in=bulletins, retired_at__isnull=True)
        self.fields["topics"].queryset = topics  # type: ignore[attr-defined]

    def clean_address(self) -> Address:
        try:
            return addresses.parse(self.cleaned_data["address"])
        except addresses.NotSupported as error:
            raise ValidationError(NOT_SUPPORTED) from error
        except addresses.NotAnAddress as error:
            raise ValidationError(_("This is not an email address.")) from error

    def clean_name(self) -> str:
        """The name in one line: it may come to stand in a header."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any] | None:
        chosen = super().clean() or {}
        bulletin, topics = chosen.get("bulletin"), chosen.get("topics")
        if bulletin and topics and any(topic.bulletin_id != bulletin.pk for topic in topics):
            self.add_error("topics", _("Choose topics of the bulletin alone."))
        return chosen

    def add(self) -> Entered:
        """Add the reader of a valid form."""
        chosen = self.cleaned_data
        offered = Topic.objects.filter(bulletin=chosen["bulletin"], retired_at__isnull=True)
        return adding.add(
            chosen["bulletin"],
            address=chosen["address"],
            name=chosen["name"],
            language=chosen["bulletin"].language,
            topics=chosen["topics"] or offered,
            consent=chosen["consent"],
            confirm=chosen["confirm"] == "yes",
            at=timezone.now(),
        )


def add_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask on GET; add the reader on POST, say what became of it, and write it down."""
    if not may_import(request):
        raise PermissionDenied
    form = AddForm(request.POST or None, bulletins=allowed_bulletins(request))
    if request.method != "POST" or not form.is_valid():
        context = context | {"title": _("Add a reader"), "form": form}
        return TemplateResponse(request, "admin/subscribers/subscriber/add.html", context)
    with transaction.atomic():
        entered = form.add()
        if entered.outcome in GOOD:
            _record(request, form, entered)
    sentence = str(SENTENCES[entered.outcome])
    (messages.success if entered.outcome in GOOD else messages.warning)(request, sentence)
    return redirect("admin:subscribers_subscriber_changelist")


def _record(request: HttpRequest, form: AddForm, entered: Entered) -> None:
    record_act(
        "reader.added",
        by=request.user,
        at=timezone.now(),
        publication=form.cleaned_data["bulletin"].pk,
        reader=entered.subscriber,
        after={"outcome": entered.outcome.value, "consent": form.cleaned_data["consent"]},
    )
