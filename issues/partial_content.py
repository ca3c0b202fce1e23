"""Files of which mail programs and browsers ask for a part, or whether they changed (RFC 9110)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from whitenoise.middleware import WhiteNoiseFileResponse
from whitenoise.responders import StaticFile


def response(
    request: HttpRequest, path: str, *, name: str, content_type: str, etag: str
) -> HttpResponseBase:
    """Return the file at `path`, shown under a `name`: whole, the one range of bytes that is asked
    for, 304 for who has the state `etag` of it, or 416 for a range that lies behind its end."""
    quoted = quote_etag(etag)
    if same := get_conditional_response(request, etag=quoted):
        same["ETag"] = quoted
        return same
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or "",
        "Accept-Ranges": "bytes",
        "ETag": quoted,
    }
    asked = {"HTTP_RANGE": request.headers["Range"]} if _wants_a_range(request, quoted) else {}
    made = StaticFile(path, list(headers.items())).get_response(request.method, asked)
    answer: HttpResponseBase = WhiteNoiseFileResponse(made.file or (), status=int(made.status))
    for header, value in made.headers:
        answer[header] = value
    return answer


def _wants_a_range(request: HttpRequest, etag: str) -> bool:
    """Return whether a range is asked for of the file as it is. One that is no range, or one byte,
    which WhiteNoise takes for none, may be answered with the whole."""
    if request.headers.get("If-Range", etag) != etag:
        return False
    try:
        start, end = StaticFile.parse_byte_range(request.headers.get("Range", ""))
    except ValueError:
        return False
    return start not in (-1, end)
