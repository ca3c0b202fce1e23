"""Packages: the ZIP files that DOCX and ODT are. They are inflated and counted before anybody
reads them, since what a package says of its sizes may be a lie."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from PIL import Image, UnidentifiedImageError

from document_reading.failures import DocumentFailure, UnreadableDocument

MAX_ENTRIES = 10_000
MAX_BYTES = 256 << 20  # of all entries, inflated
MAX_PIXELS = 60_000_000  # of one picture
PIECE = 1 << 16

ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
MARKUP = (".xml", ".rels")
MACROS = ("vbaproject.bin", "basic/script-lc.xml")
_LOCKED = b"encryption-data"  # of ODF, in its manifest


def check(path: Path) -> bool:
    """Return whether the package has macros. Raises UnreadableDocument where it is damaged, locked,
    or too much for whoever would read it."""
    try:
        with ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > MAX_ENTRIES:
                raise UnreadableDocument(DocumentFailure.TOO_LARGE_INSIDE)
            left = MAX_BYTES
            for entry in entries:
                left -= _check_entry(package, entry, left=left)
            return any(entry.filename.lower().endswith(MACROS) for entry in entries)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UnreadableDocument(DocumentFailure.DAMAGED) from error


def _check_entry(package: ZipFile, entry: ZipInfo, *, left: int) -> int:
    """Return how many bytes an entry has. Raises UnreadableDocument."""
    if entry.flag_bits & 1:
        raise UnreadableDocument(DocumentFailure.ENCRYPTED)
    name = entry.filename.lower()
    size, before = 0, b""
    with package.open(entry) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > left:
                raise UnreadableDocument(DocumentFailure.TOO_LARGE_INSIDE)
            _check_markup(name, before + piece)
            before = piece[-32:]  # a mark may lie across two pieces
    if name.endswith(PICTURES):
        check_picture(package.read(entry))
    return size


def _check_markup(name: str, piece: bytes) -> None:
    if name.endswith(MARKUP) and any(mark in piece for mark in ENTITIES):
        raise UnreadableDocument(DocumentFailure.HAS_ENTITIES)
    if name == "meta-inf/manifest.xml" and _LOCKED in piece:
        raise UnreadableDocument(DocumentFailure.ENCRYPTED)


def check_picture(content: bytes) -> None:
    """Raise UnreadableDocument where a picture has too many pixels; one that is none is left to
    whoever shows it."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise UnreadableDocument(DocumentFailure.HUGE_PICTURE) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return
    if width * height > MAX_PIXELS:
        raise UnreadableDocument(DocumentFailure.HUGE_PICTURE)
