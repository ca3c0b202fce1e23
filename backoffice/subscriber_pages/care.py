"""Acts of the office for a reader, with a reason: pausing, unsubscribing, suppressing, notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.recording import record_act
from backoffice.subscriber_pages.choices_form import reason_field
from foundation.enqueue import enqueue
from mail.outcomes import sanitized
from subscribers import confirmation_mail, preferences, suppressions, unsubscribing
from subscribers.models import NotMailable, Subscriber, Suppression
from subscribers.models.note import Note
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from subscribers.tasks import send_confirmation

Do = Callable[[Subscriber, str, datetime], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """An act on a reader: its name in the log, its title, what it means, the sentence when it is
    done, the permission beside that to change readers, and whether it is for good."""

    act: str
    title: Promise
    meaning: Promise
    done: Promise
    do: Do
    permission: str = ""
    final: bool = False


class ReasonForm(forms.Form):
    """The reason."""

    because = reason_field(required=True)

    def clean_because(self) -> str:
        return sanitized(self.cleaned_data["because"])


class NoteForm(forms.ModelForm[Note]):
    """A note."""

    class Meta:
        model = Note
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


def _pause(reader: Subscriber, _because: str, at: datetime) -> bool:
    return preferences.pause(reader.pk, at=at)


def _resume(reader: Subscriber, _because: str, at: datetime) -> bool:
    return preferences.resume(reader.pk, at=at)


def _unsubscribe(reader: Subscriber, _because: str, at: datetime) -> bool:
    return unsubscribing.unsubscribe(reader.pk, at=at, reason=EndReason.EDITOR)


def _suppress(reader: Subscriber, because: str, at: datetime) -> bool:
    reason = SuppressionReason.EDITOR
    return suppressions.suppress(reader.address_key, reason=reason, evidence=because, at=at)


STEPS = {
    "pause": Step(
        "reader.paused",
        gettext_lazy("Pause the mails"),
        gettext_lazy("For thirty days nothing is mailed. The reader can end that at any time."),
        gettext_lazy("The mails are paused."),
        _pause,
    ),
    "resume": Step(
        "reader.resumed",
        gettext_lazy("End the pause"),
        gettext_lazy("From the next issue on the reader gets mails again."),
        gettext_lazy("The pause is over."),
        _resume,
    ),
    "unsubscribe": Step(
        "reader.unsubscribed",
        gettext_lazy("Unsubscribe"),
        gettext_lazy(
            "The reader gets nothing of this bulletin any more, and follows nothing. Only they "
            "themselves can sign up again. No goodbye is mailed."
        ),
        gettext_lazy("The reader has left."),
        _unsubscribe,
        final=True,
    ),
    "suppress": Step(
        "reader.suppressed",
        gettext_lazy("Have nothing mailed to this address"),
        gettext_lazy(
            "No bulletin of this site mails anything to the address any more, whoever signs it up, "
            "until somebody lifts that with a reason."
        ),
        gettext_lazy("Nothing is mailed to the address any more."),
        _suppress,
        permission="subscribers.add_suppression",
        final=True,
    ),
}


def possible_steps(request: HttpRequest, reader: Any) -> dict[str, Step]:
    """Return the steps that can be taken now, by this user. `reader` has a skip reason."""
    names = []
    if reader.is_reading:
        paused = reader.is_paused(at=timezone.now())
        names += ["resume" if paused else "pause", "unsubscribe"]
    elif reader.unsubscribed_at is None:
        names += ["unsubscribe"]
    if reader.skip_reason != NotMailable.SUPPRESSED:
        names.append("suppress")
    return {name: STEPS[name] for name in names if _may(request, STEPS[name], reader)}


def care_view(
    request: HttpRequest, reader: Subscriber, name: str, context: dict[str, Any]
) -> HttpResponse:
    """Ask for the reason on GET; do it on POST, once, and log it. Raises Http404."""
    if name not in STEPS or not _may(request, STEPS[name], reader):
        raise Http404
    step = STEPS[name]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = context | {"title": step.title, "reader": reader, "step": step, "form": form}
        return TemplateResponse(request, "admin/subscribers/subscriber/care.html", context)
    because = form.cleaned_data["because"]
    with transaction.atomic():
        done = step.do(reader, because, timezone.now())
        if done:
            record_act(
                step.act,
                by=request.user,
                at=timezone.now(),
                after={"because": because},
                **reader.log_keys,
            )
    if done:
        messages.success(request, str(step.done))
    else:
        messages.info(request, _("That was so already; nothing was changed."))
    return _back(reader)


def mail_link(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Have the link to their choices mailed to a reader; to who has not confirmed yet, the link to
    confirm. Bounded as if they had asked for it themselves."""
    with transaction.atomic():
        due = reader.unsubscribed_at is None and confirmation_mail.request(
            reader.pk, at=timezone.now()
        )
        if due:
            record_act("reader.link_mailed", by=request.user, at=timezone.now(), **reader.log_keys)
    if not due:
        refused = _(
            "No link can be mailed just now: the reader left, must not be mailed, or got such a "
            "mail minutes ago or three times today."
        )
        messages.warning(request, refused)
    elif enqueue(send_confirmation, reader.pk):
        messages.success(request, _("The link is mailed to the reader."))
    else:
        messages.info(request, _("The link will be mailed to the reader soon."))
    return _back(reader)


def add_note(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Keep a note about a reader. What it says is not in the log."""
    user: Any = request.user
    form = NoteForm(request.POST)
    if form.is_valid():
        form.instance.subscriber = reader
        form.instance.written_at = timezone.now()
        form.instance.written_by = user
        with transaction.atomic():
            form.save()
            record_act("reader.note_added", by=request.user, at=timezone.now(), **reader.log_keys)
    else:
        messages.warning(request, _("There is no note yet, or it is too long."))
    return _back(reader)


def remove_note(request: HttpRequest, reader: Subscriber, note_pk: int) -> HttpResponse:
    """Delete a note about a reader."""
    note = get_object_or_404(reader.notes, pk=note_pk)
    with transaction.atomic():
        note.delete()
        record_act("reader.note_removed", by=request.user, at=timezone.now(), **reader.log_keys)
    return _back(reader)


def _may(request: HttpRequest, step: Step, reader: Subscriber) -> bool:
    """Return whether this user may do what asks for more than to change the reader: what holds for
    an address, in all bulletins that it signed up for."""
    address = Suppression(address_key=reader.address_key)
    return not step.permission or bool(request.user.has_perm(step.permission, address))


def _back(reader: Subscriber) -> HttpResponse:
    return redirect("admin:subscribers_subscriber_change", reader.pk)
