"""Pictures that an editor adds to an issue."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from issues import markup, pictures
from issues.models import Issue
from issues.picture_encoding import MAX_BYTES, MAX_PIXELS, PictureRefused, Refusal
from pdf_reading.issue_text import StoredFigure


@require_POST
def picture_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Keep the file `picture`. A script, which accepts JSON, gets the name and the line to write;
    a plain form leads to the page `next`, which shows the line."""
    try:
        added = pictures.add(issue, _content(request))
    except PictureRefused as error:
        return _refused(request, issue, sentence=_sentence(error.reason))
    line = markup.write([StoredFigure("", 0, added.name)])
    if _wants_json(request):
        return JsonResponse(
            {
                "name": added.name,
                "url": reverse("issues:figure", args=(issue.bulletin.slug, issue.pk, added.name)),
                "width": added.width,
                "height": added.height,
                "size": added.size,
                "line": line,
            },
            status=HTTPStatus.CREATED,
        )
    sentence = _("The picture was added. Write this line where it is to stand: %(line)s")
    messages.success(request, sentence % {"line": line})
    return _back(request, issue)


def _content(request: HttpRequest) -> bytes:
    """Return what was uploaded, as far as it is looked at."""
    file = request.FILES.get("picture")
    return file.read(MAX_BYTES + 1) if file else b""


def _sentence(reason: Refusal) -> str:
    most = {"size": filesizeformat(MAX_BYTES), "pixels": MAX_PIXELS // 1_000_000}
    sentences = {
        Refusal.EMPTY: _("Choose a picture first; this file is empty."),
        Refusal.TOO_LARGE: _("The picture is too large. At most %(size)s are allowed."),
        Refusal.TOO_MANY_PIXELS: _(
            "The picture has too many pixels. At most %(pixels)s megapixels are allowed: save it "
            "smaller, and add it again."
        ),
        Refusal.DRAWING: _(
            "SVG drawings cannot be shown in mails. Save it as PNG, and add it again."
        ),
        Refusal.UNKNOWN: _("This is no picture. PNG, JPEG, GIF and WebP can be added."),
        Refusal.DAMAGED: _("The picture is damaged. Save it anew, and add it again."),
    }
    return sentences[reason] % most


def _refused(request: HttpRequest, issue: Issue, *, sentence: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": sentence}, status=HTTPStatus.BAD_REQUEST)
    messages.error(request, sentence)
    return _back(request, issue)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _back(request: HttpRequest, issue: Issue) -> HttpResponse:
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("admin:issues_issue_change", issue.pk)
