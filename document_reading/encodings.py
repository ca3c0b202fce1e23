"""Bytes to text, whatever the encoding: UTF-8, UTF-16, GBK, Big5 and others."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from document_reading.failures import DocumentFailure, UnreadableDocument

SAMPLE = 64 << 10  # bytes by which an encoding is told
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LIKELY = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "cp1251"]
MARKUP = re.compile(rb"\s*<(?:!doctype|\?xml|html|svg)", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


def looks_like_text(start: bytes) -> bool:
    """Return whether a file that begins so is text. HTML and XML are not: they are not meant to be
    read as they stand."""
    if any(start.startswith(mark) for mark in MARKS):
        return True
    return bool(start.strip()) and not (_CONTROLS.search(start) or MARKUP.match(start))


def text_of(content: bytes) -> str:
    """Return the text, its lines ended as Python ends them, without control characters. Raises
    UnreadableDocument."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _UNSEEN.sub("", re.sub("\r\n?|\x0b|\x0c|\u2028|\u2029|\x85", "\n", text))
    raise UnreadableDocument(DocumentFailure.UNKNOWN_ENCODING)


def _encodings(content: bytes) -> list[str]:
    """Return the encodings that it may be in, the likeliest first."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return [encoding]
    guess = from_bytes(content[:SAMPLE], cp_isolation=LIKELY).best()
    return ["utf-8", *([guess.encoding] if guess else []), "gb18030"]
