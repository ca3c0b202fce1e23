"""The link in the mail: it asks, a press decides, once; for the person to whom it was mailed."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from backoffice.sign_off_pages import decisions, differences
from issues import release_tokens
from issues import sign_off as signing_off
from issues.models import SignOff, SignOffRequest
from issues.models.sign_off import MAX_WORD


@csrf_protect
def release_view(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, which changes nothing whoever comes; release or return on POST."""
    at = timezone.now()
    asked = release_tokens.request_of(token, at=at)
    if asked is None:
        return render(request, "release/no_link.html", status=HTTPStatus.NOT_FOUND)
    done = says = ""
    if request.method == "POST":
        try:
            done = _press(request, asked)
        except decisions.NotDone as error:
            says = str(error)
    found = SignOff.objects.select_related("issue__bulletin").get(pk=asked.sign_off_id)
    why_not = ""
    try:
        signing_off.check(found, by=asked.user)
    except signing_off.CannotDecide as error:
        why_not = decisions.why_not(error)
    context = {
        "sign_off": found,
        "issue": found.issue,
        "bulletin": found.issue.bulletin,
        "name": signing_off.name_of(asked.user),
        "done": done,
        "says": "" if says == why_not else says,
        "why_not": "" if done else why_not,
        "differences": None if done or why_not else differences.of(found, asked.user),
        "most": MAX_WORD,
    }
    return render(request, "release/ask.html", context)


def _press(request: HttpRequest, asked: SignOffRequest) -> str:
    by, at, word = asked.user, timezone.now(), request.POST.get("word", "")[:MAX_WORD]
    if "_release" in request.POST:
        decisions.release(asked.sign_off, by=by, at=at, word=word, by_link=True)
        return _("You released it. Who submitted it was told.")
    if "_return" in request.POST:
        decisions.send_back(asked.sign_off, by=by, at=at, word=word, by_link=True)
        return _("You returned it. Who submitted it was told.")
    raise decisions.NotDone(_("Press one of the two buttons."))
