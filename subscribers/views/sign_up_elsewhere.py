"""Signing up by a form on another site (`subscribers.embedding`)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publications.models import Bulletin, Topic
from subscribers.forms import SignUpForm
from subscribers.views.sign_up import ask_to_confirm, refused, say_that_it_is_sent_again


# Without a token, because the page that the form stands on has none, nor need a browser send a
# cookie: whatever is sent leads to a mail that asks, under the limits of every sign-up.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Take what a form on another site sends; the form of this one, filled in, where it is not
    whole or is to be changed."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    if request.method != "POST":
        return redirect("subscribers:sign_up", slug)
    data = _whole(request.POST, bulletin)
    language = str(data["language"])
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
    if "change" in data:
        typed = {"address": data.get("address", ""), "topics": data.getlist("topics")}
        form = SignUpForm(bulletin, language=language, typed=typed)
        return _page(request, "sign_up", bulletin, form)
    form = SignUpForm(bulletin, data, language=language)
    if not form.is_valid():
        return _page(request, "sign_up", bulletin, form)
    if too_many := refused(request, bulletin):
        return too_many
    wanted = form.cleaned_data
    if not wanted.pop("website"):
        ask_to_confirm(bulletin, wanted, at=timezone.now())
    if "again" in data:
        say_that_it_is_sent_again(request)
    return _page(request, "signed_up", bulletin, form)


def _page(request: HttpRequest, page: str, bulletin: Bulletin, form: SignUpForm) -> HttpResponse:
    """A page whose forms need no cookie either."""
    context = {"bulletin": bulletin, "form": form, "elsewhere": True}
    if page == "signed_up":
        context["address"] = form.cleaned_data["address"].text
        context["again"] = [
            ("address", form.cleaned_data["address"].text),
            ("meant", form.cleaned_data["address"].text),
            *(("topics", topic.pk) for topic in form.cleaned_data["topics"]),
            ("language", form.cleaned_data["language"]),
        ]
    return render(request, f"subscribers/{page}.html", context)


def _whole(sent: QueryDict, bulletin: Bulletin) -> QueryDict:
    """Return what was sent without topics that are offered no more: the form may have been copied
    years ago. One that knows no language has the bulletin's; of one topic alone nobody is asked."""
    data = sent.copy()
    offered = Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True)
    known = {str(pk) for pk in offered.values_list("pk", flat=True)}
    chosen = [one for one in dict.fromkeys(data.getlist("topics")) if one in known]
    data.setlist("topics", chosen or (list(known) if len(known) == 1 else []))
    if data.get("language") not in dict(settings.LANGUAGES):
        data["language"] = bulletin.language
    return data
