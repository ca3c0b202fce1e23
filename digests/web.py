"""A reader's mail on the web."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from digests import rendering
from digests.models import Delivery, Digest
from foundation.response_headers import MAIL, has_policy
from subscribers.links import BadLink


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
    renderer = rendering.MessageRenderer(delivery.digest)
    gone = Digest.objects.withdrawn().filter(pk=delivery.digest_id).exists()
    if gone or (delivery.edition and not renderer.has_articles(delivery.edition)):
        context = {"bulletin": delivery.digest.bulletin}
        return render(request, "archive/gone_mail.html", context, status=410)
    return _mail(request, renderer.page(delivery))


@has_policy(MAIL)
def _mail(_request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html)
