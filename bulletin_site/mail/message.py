"""Joins header fields and encoded blocks to one message (RFC 5322, RFC 2046)."""

from __future__ import annotations

from collections.abc import Iterable

# A base64 line has "=" at its end only, so no block can contain the boundary.
_BOUNDARY = b"=_part_of_a_bulletin"
_TOP = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="'
    + _BOUNDARY
    + b'"\r\n\r\n'
)
_PART = (
    b"--" + _BOUNDARY + b"\r\nContent-Type: text/%s; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)
_TEXT = _PART % b"plain"
_HTML = _PART % b"html"
_END = b"--" + _BOUNDARY + b"--\r\n"


_ONLY_TEXT = (
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n"
)


def plain(headers: Iterable[str], *, text: Iterable[bytes]) -> bytes:
    """One message that is plain text alone; the arguments are those of `alternative`."""
    head = "\r\n".join(headers).encode() + b"\r\n"
    return b"".join((head, _ONLY_TEXT, *text))


def alternative(headers: Iterable[str], *, text: Iterable[bytes], html: Iterable[bytes]) -> bytes:
    """One message that says the same as plain text and as HTML.

    `headers` are lines of `bulletin_site.mail.headers`, `text` and `html` blocks of
    `bulletin_site.mail.encoding`. The result is 7-bit, unless an address is not.
    """
    head = "\r\n".join(headers).encode() + b"\r\n"
    return b"".join((head, _TOP, _TEXT, *text, _HTML, *html, _END))
