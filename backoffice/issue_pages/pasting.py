"""Text that an editor pastes from Word, Excel or a page of the web."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from issues import markup, pasting


@require_POST
def pasted_view(request: HttpRequest) -> JsonResponse:
    """Return the HTML `html` of a clipboard as text in the markup of articles."""
    try:
        passages = pasting.passages_of_html(request.POST.get("html", ""))
    except pasting.TooLarge:
        sentence = _("This is too much to paste at once.")
        return JsonResponse({"error": sentence}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({"text": markup.write(passages)})
