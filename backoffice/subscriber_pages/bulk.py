"""The page on which many chosen readers are changed at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit_log.recording import record_act
from backoffice.long_lists import MAX_ROWS
from backoffice.subscriber_pages.import_forms import CONSENT_HELP
from publications import rights
from publications.models import Topic
from subscribers import bulk_changes
from subscribers.models import Subscriber

ADD, END, LANGUAGE, LEAVE = "add-topic", "end-topic", "language", "unsubscribe"


class BulkForm(forms.Form):
    """The readers by their keys, and what is done with them."""

    chosen = forms.RegexField(
        r"\A[0-9]{1,18}(,[0-9]{1,18})*\Z", max_length=120_000, widget=forms.HiddenInput
    )
    act = forms.ChoiceField(
        label=gettext_lazy("What is to be done"),
        choices=[
            (ADD, gettext_lazy("have them follow a topic")),
            (END, gettext_lazy("end a topic for them")),
            (LANGUAGE, gettext_lazy("change the language of their mails")),
            (LEAVE, gettext_lazy("unsubscribe them")),
        ],
        widget=forms.RadioSelect,
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=gettext_lazy("Topic"), required=False
    )
    consent = forms.CharField(
        label=gettext_lazy("Where their consent to the topic comes from"),
        max_length=300,
        required=False,
        help_text=CONSENT_HELP,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("", "–"), *settings.LANGUAGES], required=False
    )

    def __init__(self, *args: Any, bulletins: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.filter(bulletin__in=bulletins, retired_at__isnull=True)
        self.fields["topic"].queryset = topics.select_related("bulletin")  # type: ignore[attr-defined]

    def clean_chosen(self) -> list[int]:
        """Return the keys of the readers."""
        keys = [int(key) for key in self.cleaned_data["chosen"].split(",")]
        if len(keys) > MAX_ROWS:
            raise ValidationError(_("These are more than %(most)d.") % {"most": MAX_ROWS})
        return keys

    def clean(self) -> dict[str, Any] | None:
        chosen = super().clean() or {}
        act = chosen.get("act")
        if act in (ADD, END) and not chosen.get("topic"):
            self.add_error("topic", _("Choose a topic."))
        if act == ADD and not chosen.get("consent"):
            self.add_error("consent", _("Say where their consent comes from."))
        if act == LANGUAGE and not chosen.get("language"):
            self.add_error("language", _("Choose a language."))
        return chosen

    def apply(self, readers: list[int]) -> int:
        """Do what was chosen with these readers. Returns how many were changed."""
        chosen, at = self.cleaned_data, timezone.now()
        acts: dict[str, Callable[[], int]] = {
            ADD: lambda: bulk_changes.add_topic(
                readers, chosen["topic"], consent=chosen["consent"], at=at
            ),
            END: lambda: bulk_changes.end_topic(readers, chosen["topic"], at=at),
            LANGUAGE: lambda: bulk_changes.set_language(readers, chosen["language"]),
            LEAVE: lambda: bulk_changes.unsubscribe(readers, at=at),
        }
        return acts[chosen["act"]]()


def ask(
    request: HttpRequest, readers: QuerySet[Subscriber], context: dict[str, Any]
) -> HttpResponse:
    """Ask what is to be done with chosen readers."""
    found = list(readers.order_by().values_list("pk", "bulletin_id")[:MAX_ROWS])
    keys = ",".join(str(pk) for pk, _bulletin in found)
    form = BulkForm(initial={"chosen": keys}, bulletins={bulletin for _pk, bulletin in found})
    return _page(request, form, len(found), context)


def apply_view(
    request: HttpRequest, allowed: QuerySet[Subscriber], context: dict[str, Any]
) -> HttpResponse:
    """Do it on POST, with those of the chosen readers whom this user may change."""
    if request.method != "POST":
        return redirect("admin:subscribers_subscriber_changelist")
    theirs = rights.bulletins(request.user, "subscribers.change_subscriber")
    form = BulkForm(request.POST, bulletins=set(theirs.values_list("pk", flat=True)))
    if not form.is_valid():
        count = request.POST.get("chosen", "").count(",") + 1
        return _page(request, form, count, context)
    chosen = allowed.filter(pk__in=form.cleaned_data["chosen"]).order_by()
    readers = list(chosen.values_list("pk", flat=True))
    if not readers:
        raise PermissionDenied
    with transaction.atomic():
        changed = form.apply(readers)
        _record(request, form, readers, changed)
    sentence = ngettext("%(count)d reader was changed.", "%(count)d readers were changed.", changed)
    messages.success(request, sentence % {"count": changed})
    return redirect("admin:subscribers_subscriber_changelist")


def _page(
    request: HttpRequest, form: BulkForm, count: int, context: dict[str, Any]
) -> HttpResponse:
    sentence = ngettext("%(count)d reader is chosen.", "%(count)d readers are chosen.", count)
    shown = {"title": _("Change readers"), "form": form, "sentence": sentence % {"count": count}}
    return TemplateResponse(request, "admin/subscribers/subscriber/bulk.html", context | shown)


def _record(request: HttpRequest, form: BulkForm, readers: list[int], changed: int) -> None:
    chosen = form.cleaned_data
    topic = chosen.get("topic")
    record_act(
        "readers.changed",
        by=request.user,
        at=timezone.now(),
        publication=topic.bulletin_id if topic else None,
        subject=chosen["act"],
        after={
            "changed": changed,
            "readers": readers,
            "topic": topic.pk if topic else None,
            "language": chosen.get("language"),
            "consent": chosen.get("consent"),
        },
    )
