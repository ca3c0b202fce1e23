"""Text that an editor pastes from Word, Excel or a page of the web."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from issues import markup, pasted_html
from issues.pasted_table import TooLarge
from pdf_reading.issue_text import Paragraph


@require_POST
def pasted_view(request: HttpRequest) -> JsonResponse:
    """Return the HTML `html` of a clipboard as text in the markup of articles, and whether it is
    words for the middle of a line."""
    try:
        passages = pasted_html.passages_of_html(request.POST.get("html", ""))
    except TooLarge:
        sentence = _("This is too much to paste at once.")
        return JsonResponse({"error": sentence}, status=HTTPStatus.BAD_REQUEST)
    within_a_line = len(passages) == 1 and isinstance(passages[0], Paragraph)
    return JsonResponse({"text": markup.write(passages), "within_a_line": within_a_line})
