"""How a reader is greeted."""

from __future__ import annotations

from html import escape

from digests.rendering.merge_fields import HTML_GREETING, TEXT_GREETING
from mail.messages import encoding, headers
from mail.messages.text_wrapping import wrap


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
