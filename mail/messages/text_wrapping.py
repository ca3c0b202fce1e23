"""Wrap plain text by columns, as a terminal counts them: wide characters are two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcwidth import wcswidth
from wcwidth import width as width_of

WIDTH = 72

# What may not begin a line stays with what is before it, what may not end one with what is
# after it (GB/T 15834-2011, section 5; W3C "Requirements for Chinese Text Layout").
_CLOSING = "，。、；：？！）》〉」』】〕”’…％,.;:?!)]}"
_OPENING = "（《〈「『【〔“‘([{"
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd"
_PIECE = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:[{_WIDE}]|[^\s{_WIDE}{re.escape(_OPENING)}]+|$)"
    rf"[{re.escape(_CLOSING)}]*"
)
_FOOTNOTE = re.compile(r"\S+ \w+://\S+")


def columns(text: str) -> int:
    """Return how many columns `text` takes: two for a wide character, none for a combining mark."""
    if text.isascii():
        return len(text)
    known = wcswidth(text)
    return known if known >= 0 else width_of(text)  # a tab among wide characters


def wrap(line: str, *, width: int = WIDTH) -> list[str]:
    """Return `line` in lines of at most `width` columns; one piece that is longer, such as a URL,
    stays whole, with the label in front of it. An indent is repeated. Always one line at least."""
    if 2 * len(line) <= width or columns(line) <= width:
        return [line.rstrip()]
    if _FOOTNOTE.fullmatch(line):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    lines, current = [], indent
    for piece in _pieces(line.lstrip()):
        if columns(current + piece.rstrip()) > width and current.strip():
            lines.append(current.rstrip())
            current = indent
        if piece.strip() or current.strip():
            current += piece
    return [*lines, current.rstrip()]


def _pieces(line: str) -> Iterator[str]:
    """Yield the pieces between which `line` may be broken; together they are the line."""
    end = 0
    for match in _PIECE.finditer(line):
        if match.start() > end:
            yield line[end : match.start()]
        if match.group():
            yield match.group()
        end = match.end()
    if end < len(line):
        yield line[end:]


def wrap_all(text: str, *, width: int = WIDTH) -> str:
    """Return `text` with each of its lines wrapped."""
    return "\n".join(part for line in text.split("\n") for part in wrap(line, width=width))
