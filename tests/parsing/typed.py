"""Issues as somebody types them who knows no styles: one face and one size from top to bottom."""

from __future__ import annotations

from pathlib import Path

from tests.parsing.nasty import stream, written

SIZE = 12
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
    it indent it, an empty line leaves space, > sets it at the right, ~ in blue, + closer to the
    line above; = begins a page."""
    pages: list[list[bytes]] = [[]]
    at = 0.0
    for paragraph in text.strip("\n").split("\n"):
        ink = b"0.1 0.3 0.6 rg" if "~" in paragraph[:2] else b"0 g"
        if not paragraph:
            at += 0.8
        for shift, row in _rows(paragraph.lstrip("~+"), right=">" in paragraph[:2]):
            at -= 0.3 * paragraph.startswith("+")
            if at > ROWS or row == "=":
                pages, at = [*pages, []], 0.0
            if row == "=":
                continue
            place = (LEFT + shift * SIZE, TOP - at * LEADING)
            words = row.encode("utf-16-be").hex().encode()
            pages[-1].append(b"BT %b /F1 %d Tf %d %d Td <%b> Tj ET" % (ink, SIZE, *place, words))
            at += 1
    pdf.write_bytes(_file([b"\n".join(page) for page in pages]))
    return pdf


def _rows(paragraph: str, *, right: bool) -> list[tuple[int, str]]:
    """The rows of a paragraph, each with how many characters it is set in."""
    words = paragraph.lstrip("　>")
    indent = len(paragraph) - len(words)
    if right:
        return [(WIDTH - len(words), words)]
    rows, start, room = [], 0, WIDTH - indent
    while start < len(words):
        rows.append((WIDTH - room, words[start : start + room]))
        start, room = start + room, WIDTH
    return rows


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
