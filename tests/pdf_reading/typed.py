"""Issues as somebody types them who knows no styles: one face, and hardly another size."""

from __future__ import annotations

import re
from pathlib import Path

from tests.pdf_reading.nasty import stream, written

SIZE, LARGE = 12, 13
WIDTH = 34  # characters in a full line
LEADING = 20
ROWS = 34  # on a page
LEFT, TOP = 90, 780
FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong/Encoding/UniGB-UCS2-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
)


def typed(text: str, pdf: Path) -> Path:
    """Each line of `text` is a paragraph, wrapped where the column ends; ideographic spaces before
    it indent it, an empty line leaves space. Before it, > sets it at the right, | in the middle,
    * in larger type, ~ in blue, + closer to the line above; = begins a page."""
    pages: list[list[bytes]] = [[]]
    at = 0.0
    for paragraph in text.strip("\n").split("\n"):
        marks, words = _parted(paragraph)
        at += 0.8 * (not paragraph) - 0.3 * ("+" in marks)
        for shift, row in _rows(words, marks):
            if at > ROWS:
                pages, at = [*pages, []], 0.0
            place = (LEFT + shift * SIZE, TOP - at * LEADING)
            pages[-1].append(_shown(row, marks, place))
            at += 1
        if "=" in marks:
            pages, at = [*pages, []], 0.0
    pdf.write_bytes(_file([b"\n".join(page) for page in pages]))
    return pdf


def _parted(paragraph: str) -> tuple[str, str]:
    words = re.sub(r"^[>|*~+=]+", "", paragraph)
    return paragraph.removesuffix(words) if words else paragraph, words


def _rows(paragraph: str, marks: str) -> list[tuple[float, str]]:
    """The rows of a paragraph, each with how many characters it is set in."""
    words = paragraph.lstrip("　")
    free = WIDTH - len(words)
    if ">" in marks or "|" in marks:
        return [(free if ">" in marks else free / 2, words)]
    room = WIDTH - len(paragraph) + len(words)
    rows: list[tuple[float, str]] = []
    while words:
        rows.append((WIDTH - room, words[:room]))
        words, room = words[room:], WIDTH
    return rows


def _shown(row: str, marks: str, place: tuple[float, float]) -> bytes:
    ink = b"0.1 0.3 0.6" if "~" in marks else b"0 0 0"
    size = LARGE if "*" in marks else SIZE
    words = row.encode("utf-16-be").hex().encode()
    return b"BT %b rg /F1 %d Tf %d %d Td <%b> Tj ET" % (ink, size, *place, words)


def _file(pages: list[bytes]) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids),
        FONT,
    ]
    for number, page in enumerate(pages):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * number),
            stream(page),
        ]
    return written(objects)
