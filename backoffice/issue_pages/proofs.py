"""Proofs that an editor requests: of an issue's mails, or of a correction's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.recording import record_act
from digests import proofs
from digests.rendering import CannotRender
from issues.models import Issue
from mail.delivery import Accepted, Outcome
from subscribers import addresses


class ProofForm(forms.Form):
    """The address of a proof."""

    address = forms.EmailField(label=gettext_lazy("Send it to"))

    def clean_address(self) -> str:
        """Raise ValidationError for what no mail can be sent to."""
        try:
            return addresses.parse(self.cleaned_data["address"]).text
        except addresses.NotAnAddress as error:
            raise forms.ValidationError(_("This is not an email address.")) from error


def proof_form(request: HttpRequest, *, sent: bool) -> ProofForm:
    """Return the form as it was `sent`, or else with the editor's own address."""
    own = getattr(request.user, "email", "")
    return ProofForm(request.POST) if sent else ProofForm(initial={"address": own})


def proof_view(request: HttpRequest, issue: Issue, context: dict[str, Any]) -> HttpResponse:
    """Ask where to on GET; send one mail in each language on POST, and report on them."""
    sent = request.method == "POST"
    form = proof_form(request, sent=sent)
    if not (sent and form.is_valid()):
        context = context | {"title": _("Send a proof"), "issue": issue, "form": form}
        return render(request, "admin/issues/issue/proof.html", context)
    to = form.cleaned_data["address"]
    try:
        report(request, proofs.of_issue(issue, to=to, at=timezone.now()), to=to)
        record_act("proof.mailed", by=request.user, at=timezone.now(), **issue.log_keys)
    except CannotRender as error:
        messages.error(request, _("The mails cannot be printed: %(error)s") % {"error": error})
    return redirect("admin:issues_issue_change", issue.pk)


def report(request: HttpRequest, outcomes: Sequence[Outcome], *, to: str) -> None:
    """Show the editor what became of proofs."""
    failed = [outcome for outcome in outcomes if not isinstance(outcome, Accepted)]
    if not failed:
        messages.success(request, _("A proof in each language was sent to %(to)s.") % {"to": to})
    for outcome in failed:
        sentence = _("The mail server did not take a proof: %(answer)s")
        messages.error(request, sentence % {"answer": outcome.text})
