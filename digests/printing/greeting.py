"""How a reader is greeted."""

from __future__ import annotations

from html import escape

from bulletin_site.mail import encoding, headers
from bulletin_site.mail.wrapping import wrap
from digests.printing.fields import HTML_GREETING, TEXT_GREETING


def greeting(name: str, hello: str) -> dict[str, bytes]:
    """The merge fields that greet a reader of that `name` by `hello`, with %(name)s, encoded; by
    nothing where the name is not known."""
    if not name:
        return {HTML_GREETING: b"", TEXT_GREETING: b""}
    words = hello % {"name": headers.one_line(name)}
    lines = "\r\n".join([*wrap(words), ""])
    in_text, escaped = encoding.block(lines), escape(lines)
    in_html = in_text if escaped == lines else encoding.block(escaped)
    return {HTML_GREETING: in_html, TEXT_GREETING: in_text}
