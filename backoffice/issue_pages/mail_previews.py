"""Mails as they would be of a draft, each at an address of its own, so that a page that shows
them loads them when they are looked at; and the page that shows the one of a reader."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from backoffice import masking
from digests import reader_preview, rendering
from digests.models.delivery import SkipReason
from foundation.response_headers import MAIL, WITH_FRAME, allows, has_policy
from issues.models import Issue
from publications import sender_headers
from subscribers import addresses, reader_search
from subscribers.models import Subscriber

MAX_READERS = 10  # that are shown of those who are found
MAX_FOUND = 5_000  # in all bulletins
MAX_TERM = 254  # characters that are searched for


@has_policy(MAIL)
@xframe_options_sameorigin
def edition_view(
    _request: HttpRequest, issue: Issue, language: str, topic_mask: int
) -> HttpResponse:
    """Return the mail of a topic mask in a language, as HTML."""
    try:
        digest = rendering.preview_of(issue, at=timezone.now(), languages=[language])
    except rendering.CannotRender as error:
        raise Http404 from error
    proofs = rendering.Proofs(digest)
    if not 0 < topic_mask <= proofs.everything:
        raise Http404
    return HttpResponse(rendering.page(proofs.edition(language, topic_mask=topic_mask)))


@has_policy(MAIL)
@xframe_options_sameorigin
def reader_mail_view(_request: HttpRequest, issue: Issue, reader_pk: int) -> HttpResponse:
    """Return the mail of a reader, as HTML or as the plain text that they chose."""
    reader = get_object_or_404(Subscriber, pk=reader_pk, bulletin=issue.bulletin_id)
    try:
        mail = reader_preview.of_reader(issue, reader, at=timezone.now())
    except (reader_preview.NoMail, rendering.CannotRender) as error:
        raise Http404 from error
    kind = "text/plain; charset=utf-8" if mail.is_text else "text/html; charset=utf-8"
    return HttpResponse(mail.body, content_type=kind)


@allows(WITH_FRAME)
def as_reader_view(
    request: HttpRequest, issue: Issue, context: dict[str, Any], reader_pk: int | None = None
) -> HttpResponse:
    """Search for readers on POST, so that no address stands in a log; show the mail of one."""
    term = request.POST.get("q", "").strip()[:MAX_TERM]
    sender = sender_headers.in_words(issue.bulletin)
    context = context | {"title": _("As a reader gets it"), "issue": issue, "sender": sender}
    context["term"] = term
    if term:
        found = _found(issue, term, by_address=masking.may_see(request, issue))[:MAX_READERS]
        context["readers"] = masking.mask(request, list(found))
    if reader_pk is not None and not term:
        of_bulletin = Subscriber.objects.filter(bulletin=issue.bulletin_id)
        context["reader"] = reader = get_object_or_404(of_bulletin, pk=reader_pk)
        masking.mask(request, [reader])
        context |= _mail_of(issue, reader)
    return render(request, "admin/issues/issue/as_reader.html", context)


def _mail_of(issue: Issue, reader: Subscriber) -> dict[str, Any]:
    try:
        return {"mail": reader_preview.of_reader(issue, reader, at=timezone.now())}
    except rendering.CannotRender as error:
        return {"nothing": _("The mails cannot be printed: %(error)s") % {"error": error}}
    except reader_preview.NoMail as error:
        if error.reason:
            why = SkipReason(error.reason).label
            return {"nothing": _("This reader gets no mail: %(why)s.") % {"why": why}}
        return {"nothing": _("This reader follows nothing in this issue, and gets no mail.")}


def _found(issue: Issue, term: str, *, by_address: bool) -> QuerySet[Subscriber]:
    """Find readers of the bulletin: a whole address by its index, else a part of it or of a name
    by its own; by a part of an address only for who may see addresses."""
    readers = Subscriber.objects.confirmed().filter(bulletin=issue.bulletin_id).order_by("address")
    try:
        return readers.filter(address_key=addresses.parse(term).key)
    except addresses.NotAnAddress:
        seen = frozenset({issue.bulletin_id} if by_address else ())
        found = reader_search.found(term, most=MAX_FOUND, addresses_of=seen)
        return readers.filter(pk__in=found)
