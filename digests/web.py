"""A reader's mail on the web."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from digests import rendering
from digests.models import Delivery
from foundation.response_headers import MAIL, has_policy
from subscribers.links import BadLink


@has_policy(MAIL)
@require_safe
def edition(request: HttpRequest, token: str) -> HttpResponse:
    """The mail of one reader in a browser, for whoever has the link."""
    try:
        made = rendering.delivery_of(token)
    except BadLink:
        return render(request, "subscribers/bad_link.html", status=HTTPStatus.NOT_FOUND)
    sent = Delivery.objects.select_related("edition", "subscriber__bulletin", "digest__bulletin")
    delivery = get_object_or_404(
        sent, pk=made.number, digest__link_key=made.link_key, edition__isnull=False
    )
    return HttpResponse(rendering.MessageRenderer(delivery.digest).page(delivery))
