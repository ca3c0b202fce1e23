"""Name and weight of a font, as its embedded TrueType or OpenType program gives them.

Print drivers and converters call fonts by number alone ("CIDFont+F3", "TT2"); the program inside
still knows that it is Calibri Bold (OpenType 1.9, tables `name` and `head`).
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdf

MAX_BYTES = 32_000_000  # of a program; Chinese ones have some 20 MB
TRUETYPE = (b"\x00\x01\x00\x00", b"true", b"OTTO")
POSTSCRIPT_NAME = 6
FAMILY = 1
MAC_STYLE = 44  # where `head` has it
IS_BOLD = 1


class FontProgram(NamedTuple):
    """Name and weight by the program itself; "" and not bold where it does not say."""

    name: str = ""
    bold: bool = False


def program_of(font: Any) -> FontProgram:
    """Return what the embedded program of a raw handle says; nothing for one that is not
    TrueType, or is spoilt."""
    data = _data_of(font)
    if data[:4] not in TRUETYPE:
        return FontProgram()
    try:
        tables = dict(_tables(data))
        return FontProgram(_name(tables.get(b"name", b"")), _is_bold(tables.get(b"head", b"")))
    except (struct.error, UnicodeDecodeError):
        return FontProgram()


def _data_of(font: Any) -> bytes:
    size = ctypes.c_size_t()
    if not (font and pdf.FPDFFont_GetIsEmbedded(font) == 1):
        return b""
    if not pdf.FPDFFont_GetFontData(font, None, 0, size) or not 12 < size.value < MAX_BYTES:
        return b""
    buffer = (ctypes.c_uint8 * size.value)()
    pdf.FPDFFont_GetFontData(font, buffer, size.value, size)
    return bytes(buffer)


def _tables(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The tables by their tags."""
    (count,) = struct.unpack_from(">H", data, 4)
    for index in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag in (b"name", b"head"):
            yield tag, data[start : start + length]


def _is_bold(head: bytes) -> bool:
    return bool(head and struct.unpack_from(">H", head, MAC_STYLE)[0] & IS_BOLD)


def _name(table: bytes) -> str:
    """The PostScript name, else the family."""
    if not table:
        return ""
    _, count, storage = struct.unpack_from(">HHH", table)
    names: dict[int, str] = {}
    for index in range(count):
        platform, _, _, kind, length, start = struct.unpack_from(">6H", table, 6 + 12 * index)
        raw = table[storage + start : storage + start + length]
        if kind in (POSTSCRIPT_NAME, FAMILY):
            names.setdefault(kind, raw.decode("latin-1" if platform == 1 else "utf-16-be"))
    return names.get(POSTSCRIPT_NAME) or names.get(FAMILY, "")
