"""The page of the sign-off of an issue: submit it, see what changed, release or return it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.by_bulletin import may
from backoffice.sign_off_pages import decisions, differences
from backoffice.tasks import send_request
from digests import obstacles, releasing
from foundation.enqueue import enqueue
from issues import sign_off as signing_off
from issues.models import Issue, SignOff
from issues.models.sign_off import MAX_WORD
from publications import rights

SHOWN = 20  # decisions


class PeopleField(forms.ModelMultipleChoiceField[Any]):
    """People by their names."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return signing_off.name_of(obj)


class SubmitForm(forms.Form):
    """The people who are asked, and a word to them."""

    asked = PeopleField(
        None,
        label=gettext_lazy("Who is asked"),
        required=False,
        help_text=gettext_lazy("None chosen: all of them. The first who decides, decides."),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to them"),
        required=False,
        max_length=MAX_WORD,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, issue: Issue, user: Any, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": issue.version}
        super().__init__(*args, **kwargs)
        self.others = others(issue, user)
        cast("PeopleField", self.fields["asked"]).queryset = self.others

    def people(self) -> list[Any]:
        """Return who was chosen, or all."""
        return list(self.cleaned_data["asked"] or self.others)


def others(issue: Issue, user: Any) -> Any:
    """Return who else may release issues of the bulletin."""
    return rights.who_may(signing_off.PERMISSION, issue.bulletin_id).exclude(pk=user.pk)


def context_of(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Return what the page of an issue shows of this; nothing where the bulletin does not ask."""
    if not issue.bulletin.needs_sign_off:
        return {}
    found = signing_off.open_of(issue)
    return {
        "signs": True,
        "waiting": found,
        "stale": found is not None and not signing_off.is_of(found, issue),
        "release": signing_off.release_of(issue) if issue.status == Issue.Status.DRAFT else None,
        "may_submit": may(request, "issues.change_issue", issue),
    }


def sign_off_view(request: HttpRequest, issue: Issue, context: dict[str, Any]) -> HttpResponse:
    """Show the page on GET; do on POST what was pressed."""
    if not issue.bulletin.needs_sign_off:
        messages.info(request, _("This bulletin does not ask for the release of a second person."))
        return redirect("admin:issues_issue_change", issue.pk)
    form = SubmitForm(issue, request.user, request.POST if "_submit" in request.POST else None)
    if request.method == "POST" and (done := _press(request, issue, form)):
        return done
    found = signing_off.open_of(issue)
    stale = found is not None and not signing_off.is_of(found, issue)
    context = context | {
        "title": _("Sign-off"),
        "issue": issue,
        "form": form,
        "obstacles": _obstacles(issue),
        **context_of(request, issue),
        "differences": differences.of(found, request.user) if found and not stale else None,
        "why_not": _why_not(request, found),
        **_mailed(found),
        "decided": _decided(issue),
        "most": MAX_WORD,
    }
    return render(request, "admin/issues/issue/sign_off.html", context)


def _mailed(found: SignOff | None) -> dict[str, Any]:
    """Return who was asked, and whether a mail can be sent to one of them again."""
    asked = list(found.requests.select_related("user").order_by("pk")) if found else []
    unmailed = [one for one in asked if one.mailed_at is None and one.due_at is None]
    return {"mailed": asked, "may_mail": any(one.user.email for one in unmailed)}


def _obstacles(issue: Issue) -> list[str]:
    """Return what else keeps a draft from being published."""
    if issue.status != Issue.Status.DRAFT:
        return []
    of_release = {obstacles.Reason.NOT_RELEASED, obstacles.Reason.CHANGED_SINCE}
    return [str(one) for one in obstacles.of_draft(issue) if one.reason not in of_release]


def _decided(issue: Issue) -> list[tuple[SignOff, str]]:
    rows = SignOff.objects.filter(issue=issue).exclude(decision=SignOff.Decision.NONE)
    return [(one, decisions.decided_before(one)) for one in rows[:SHOWN]]


def _why_not(request: HttpRequest, found: SignOff | None) -> str:
    if found is None:
        return ""
    try:
        signing_off.check(found, by=request.user)
    except signing_off.CannotDecide as error:
        return decisions.why_not(error)
    return ""


def _press(request: HttpRequest, issue: Issue, form: SubmitForm) -> HttpResponse | None:
    try:
        if "_submit" in request.POST:
            return _submit(request, issue, form)
        found = SignOff.objects.filter(issue=issue, pk=_number(request.POST.get("sign_off")))
        pressed = found.select_related("issue__bulletin").first()
        if pressed is None:
            return redirect("admin:issues_issue_sign_off", issue.pk)
        return _decide(request, pressed)
    except decisions.NotDone as error:
        messages.warning(request, str(error))
        return redirect("admin:issues_issue_sign_off", issue.pk)


def _submit(request: HttpRequest, issue: Issue, form: SubmitForm) -> HttpResponse | None:
    if not may(request, "issues.change_issue", issue):
        raise PermissionDenied
    if not form.is_valid():
        return None
    if not form.people():
        form.add_error(None, _("Nobody else may release issues of this bulletin yet."))
        return None
    submit(
        request,
        issue,
        asked=form.people(),
        note=form.cleaned_data["note"],
        version=form.cleaned_data["version"],
    )
    return redirect("admin:issues_issue_sign_off", issue.pk)


def submit(request: HttpRequest, issue: Issue, **more: Any) -> None:
    """Submit, have those who are asked mailed, and say so. Raises NotDone."""
    at = timezone.now()
    try:
        found = releasing.submit(issue, by=request.user, at=at, **more)
    except signing_off.NothingToSubmit as error:
        raise decisions.NotDone(_("There is nothing here that can be submitted.")) from error
    except signing_off.CannotDecide as error:
        raise decisions.NotDone(
            _("It was changed meanwhile. Look at it as it stands now, and submit it then.")
        ) from error
    asked = found.requests.select_related("user")
    for one in asked.exclude(due_at=None):
        enqueue(send_request, one.pk)
    messages.success(request, _("It is submitted, and those who are asked get a mail."))
    if nowhere := [signing_off.name_of(one.user) for one in asked if not one.user.email]:
        sentence = _("No mail can be sent to: %(names)s. There is no email address of theirs.")
        messages.warning(request, sentence % {"names": _(", ").join(nowhere)})


def _ask_again(request: HttpRequest, found: SignOff) -> None:
    keys = signing_off.ask_again(found, at=timezone.now())
    for key in keys:
        enqueue(send_request, key)
    if keys:
        messages.success(request, _("Those who had no mail get one."))


def _decide(request: HttpRequest, found: SignOff) -> HttpResponse:
    by, at, word = request.user, timezone.now(), request.POST.get("word", "")[:MAX_WORD]
    if "_release" in request.POST:
        decisions.release(found, by=by, at=at, word=word)
        messages.success(request, _("It is released, as it stands."))
        return redirect("admin:issues_issue_change", found.issue_id)
    if "_return" in request.POST:
        decisions.send_back(found, by=by, at=at, word=word)
        messages.success(request, _("It is returned, with your word."))
        return redirect("admin:issues_issue_change", found.issue_id)
    if not may(request, "issues.change_issue", found.issue):
        raise PermissionDenied
    if "_mail" in request.POST and found.decision == SignOff.Decision.NONE:
        _ask_again(request, found)
    elif "_take_back" in request.POST:
        releasing.take_back(found, by=by, at=at)
    return redirect("admin:issues_issue_sign_off", found.issue_id)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
