"""Having a link to one's choices mailed: the way in for whoever has no link that works."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from foundation.enqueue import enqueue_on_commit
from publications.models import Bulletin
from subscribers import confirmation_mail, tasks
from subscribers.addresses import Address
from subscribers.forms import LinkForm
from subscribers.views.sign_up import refused, remember, remembered


@csrf_exempt  # as signing up
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; what is sent with it leads everybody to the same page, known here or not."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(
            request, "subscribers/request_link.html", {"bulletin": bulletin, "form": form}
        )
    if too_many := refused(request, bulletin):
        return too_many
    wanted = form.cleaned_data
    if not wanted["website"]:
        _request_link(bulletin, wanted["address"])
    typed = {"address": wanted["address"].text}
    return remember(typed, on="subscribers:link_requested", bulletin=bulletin)


def _request_link(bulletin: Bulletin, address: Address) -> None:
    subscriber_id = confirmation_mail.request_link(bulletin, address=address, at=timezone.now())
    if subscriber_id is not None:
        enqueue_on_commit(tasks.send_confirmation, subscriber_id)


@never_cache
@require_safe
def link_requested(request: HttpRequest, slug: str) -> HttpResponse:
    """Return what is left to do after a link was requested in this browser, for an hour; else the
    way to the form."""
    bulletin = get_object_or_404(Bulletin, slug=slug)
    typed = remembered(request)
    if typed is None:
        return redirect("subscribers:request_link", slug)
    context = {"bulletin": bulletin, "address": typed["address"]}
    return render(request, "subscribers/link_requested.html", context)
