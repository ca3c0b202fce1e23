"""The formats of documents, recognised by their content: names say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import IO

from document_reading.encodings import looks_like_text

START = 4096  # bytes
END = 1 << 20  # bytes in which the directory of a package is looked for
PIECE = 1 << 20

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams, as the directory of an OLE file has them.
WORD_STREAM = "WordDocument".encode("utf-16-le")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


class Format(Enum):
    """A format: the suffix under which LibreOffice and people know it, and the name of
    LibreOffice's filter for it, "" where it is not asked."""

    DOCX = "docx", "MS Word 2007 XML"
    DOC = "doc", "MS Word 97"  # and what WPS Writer saves as .wps
    ODT = "odt", "writer8"
    RTF = "rtf", "Rich Text Format"
    LOCKED = "locked", ""  # any Office document with a password
    TEXT = "txt", ""  # and Markdown

    def __init__(self, suffix: str, import_filter: str) -> None:
        self.suffix = suffix
        self.import_filter = import_filter


def format_of(file: IO[bytes]) -> Format | None:
    """Return the format of a file; None for none that is known."""
    file.seek(0)
    start = file.read(START)
    if start.startswith(ZIP):
        return _format_of_package(file, start)
    if start.startswith(OLE):
        return _format_of_compound_file(file)
    if start.startswith(b"{\\rtf"):
        return Format.RTF
    return Format.TEXT if looks_like_text(start) else None


def _format_of_package(file: IO[bytes], start: bytes) -> Format | None:
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in start:
        return Format.ODT
    size = file.seek(0, 2)
    file.seek(max(0, size - END))
    directory = file.read(END)
    parts = (b"[Content_Types].xml", b"word/document")
    return Format.DOCX if all(part in directory for part in parts) else None


def _format_of_compound_file(file: IO[bytes]) -> Format | None:
    for piece in _pieces(file):
        if WORD_STREAM in piece:
            return Format.DOC
        if ENCRYPTED_STREAM in piece:
            return Format.LOCKED
    return None


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file in pieces of which each begins with the end of the one before."""
    file.seek(0)
    before = b""
    while piece := file.read(PIECE):
        yield before + piece
        before = piece[-64:]
