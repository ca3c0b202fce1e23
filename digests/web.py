"""A reader's mail on the web."""

from __future__ import annotations

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from digests import rendering
from digests.models import Delivery, Digest
from foundation.response_headers import MAIL, has_policy
from publications.models import Bulletin
from subscribers.links import BadLink

_MAIN = ('role="article"', 'role="main"')
_BODY = re.compile(r"<body[^>]*>")


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
    return _mail(request, _as_page(renderer.page(delivery), delivery.digest.bulletin))


def _as_page(html: str, bulletin: Bulletin) -> str:
    """Return a mail as a page: with its main part named, and a way to the bulletin."""
    nav = format_html(
        '<nav aria-label="{}" style="padding:10px 18px;background:#ffffff;font:15px sans-serif">'
        '<a href="{}" style="color:#1e1d1b">{}</a></nav>',
        bulletin.name,
        reverse("issues:bulletin", args=[bulletin.slug]),
        bulletin.name,
    )
    named = html.replace('aria-roledescription="email" ', "", 1)
    return _BODY.sub(lambda body: body[0] + nav, named.replace(*_MAIN, 1), count=1)


@has_policy(MAIL)
def _mail(_request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html)
