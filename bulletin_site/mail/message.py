"""Joins header fields and encoded blocks to one message (RFC 5322, RFC 2046), and has it signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bulletin_site.mail import dkim

_BOUNDARY = "=_part_of_a_bulletin"  # a base64 line has "=" at its end only, so no block has it
_VERSION = "MIME-Version: 1.0"
_TWO_PARTS = f'Content-Type: multipart/alternative;\r\n boundary="{_BOUNDARY}"'
_TEXT, _HTML = (
    [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64"]
    for kind in ("plain", "html")
)


def _part(fields: Sequence[str]) -> bytes:
    return "\r\n".join([f"--{_BOUNDARY}", *fields, "", ""]).encode()


_TEXT_PART, _HTML_PART = _part(_TEXT), _part(_HTML)
_END = f"--{_BOUNDARY}--\r\n".encode()


def plain(headers: Iterable[str], *, text: Iterable[bytes]) -> list[bytes]:
    """One message that is plain text alone; arguments and result are those of `alternative`."""
    return _message([*headers, _VERSION, *_TEXT], [*text])


def alternative(
    headers: Iterable[str], *, text: Iterable[bytes], html: Iterable[bytes]
) -> list[bytes]:
    """One message that says the same as plain text and as HTML, in pieces: the header, and what
    stands behind it. Nothing of `text` and `html` is copied.

    `headers` are lines of `bulletin_site.mail.headers`, From and Date among them, `text` and
    `html` blocks of `bulletin_site.mail.encoding`. The result is 7-bit, unless an address in
    the header is not, and signed where the site has keys for DKIM; raises
    `bulletin_site.mail.dkim_keys.UnreadableKey` where one of them is none.
    """
    fields = [*headers, _VERSION, _TWO_PARTS]
    return _message(fields, [_TEXT_PART, *text, _HTML_PART, *html, _END])


def _message(fields: Sequence[str], body: Sequence[bytes]) -> list[bytes]:
    head = "\r\n".join([*dkim.signed(fields, body), "", ""]).encode()
    return [head, *body]
