"""The page of readers to look after: addresses that are spellings of one, and mails that have come
back for long."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice import masking
from backoffice.by_bulletin import may
from backoffice.list_exports import Addresses
from digests.bounces.policy import MAX_SOFT_BOUNCES
from digests.bounces.soft import soft_bouncers
from subscribers import spellings


def look_after_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show them; nothing is changed here."""
    if not request.user.has_perm("subscribers.view_subscriber"):
        raise PermissionDenied
    groups = [
        [(reader, _address(request, reader).shown(reader.address)) for reader in group.readers]
        for group in spellings.groups()
        if all(_may_see(request, reader) for reader in group.readers)
    ]
    bouncers = [
        (one, address.shown(one.reader.address), address.in_words(one.said))
        for one in soft_bouncers(at=timezone.now())
        for address in [_address(request, one.reader)]
        if _may_see(request, one.reader)
    ]
    shown = {
        "title": _("Readers to look after"),
        "groups": groups,
        "bouncers": bouncers,
        "most": MAX_SOFT_BOUNCES,
    }
    return TemplateResponse(
        request, "admin/subscribers/subscriber/look_after.html", context | shown
    )


def _address(request: HttpRequest, reader: Any) -> Addresses:
    return Addresses(masked=not masking.may_see(request, reader))


def _may_see(request: HttpRequest, reader: Any) -> bool:
    return may(request, "subscribers.view_subscriber", reader)
