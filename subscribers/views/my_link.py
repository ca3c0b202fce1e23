"""Having one link mailed to all that one's address reads on this site, from any of its pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from foundation.enqueue import enqueue_on_commit
from subscribers import mailboxes, tasks
from subscribers.forms import LinkForm
from subscribers.views.sign_up import refused, remember, remembered


@csrf_exempt  # so that it needs no cookie: whoever forged it could send it themselves, too
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_subscription(request: HttpRequest) -> HttpResponse:
    """Show the form; what is sent with it leads everybody to the same page, known here or not."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "subscribers/my_subscription.html", {"form": form})
    if too_many := refused(request, None):
        return too_many
    wanted = form.cleaned_data
    if not wanted["website"]:
        # A task for everybody, also where there is nobody to mail: time is to tell nothing.
        whom = mailboxes.request_link(wanted["address"], at=timezone.now())
        enqueue_on_commit(tasks.send_confirmation, whom)
    typed = {"address": wanted["address"].text}
    return remember(typed, on="subscribers:my_link_sent", bulletin=None)


@never_cache
@require_safe
def my_link_sent(request: HttpRequest) -> HttpResponse:
    """Return what is left to do after a link was requested in this browser, for an hour; else the
    way to the form."""
    typed = remembered(request)
    if typed is None:
        return redirect("subscribers:my_subscription")
    return render(request, "subscribers/my_link_sent.html", {"address": typed["address"]})
