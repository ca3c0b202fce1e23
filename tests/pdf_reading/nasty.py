"""Hostile and broken files, made from a few lines of PDF each.

`FILES` are the makers by name; each gives the bytes of one file. `plain` is the well-behaved issue
that most of them spoil.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

Maker = Callable[[], bytes]

HEAD = (
    b"BT /F1 30 Tf 72 790 Td (Plain Notes) Tj ET\n"
    b"BT /F1 10 Tf 72 770 Td (No. 4, May 2026) Tj ET\n"
    b"BT /F1 16 Tf 72 730 Td (A plain headline) Tj ET\n"
)
TEXT = b"".join(
    b"BT /F1 11 Tf 72 %d Td (Line %d of an article that says nothing in particular.) Tj ET\n" % at
    for at in ((700 - 14 * n, n) for n in range(12))
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def written(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """The objects, numbered from 1 (the catalog), as a file with a cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, *, extra: bytes = b"", packed: int = 0) -> bytes:
    """A stream object, its content deflated `packed` times."""
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = b"/Filter[%b]" % (b"/FlateDecode" * packed) if packed else b""
    return b"<</Length %d%b%b>>\nstream\n%b\nendstream" % (len(content), filters, extra, content)


def plain(
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    box: bytes = b"0 0 595 842",
    content: bytes | None = None,
    font: bytes = FONT,
    kids: bytes = b"3 0 R",
    count: int = 1,
    more: tuple[bytes, ...] = (),
) -> bytes:
    """An issue of one article on one page. Further objects are numbered from 6."""
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
            b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>/XObject<</Im 6 0 R>>>>%b>>" % (box, page),
            stream(HEAD + TEXT) if content is None else content,
            font,
            *more,
        ]
    )


def nested_pages() -> bytes:
    """A page tree 20,000 nodes deep."""
    deep = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, 20_002)]
    return written([b"<</Type/Catalog/Pages 2 0 R>>", *deep, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def looped_pages() -> bytes:
    """A page tree that holds itself."""
    return plain(kids=b"2 0 R 3 0 R", count=2)


def nested_outline() -> bytes:
    """An outline 20,000 levels deep."""
    items = tuple(
        b"<</Title(Level %d)/Parent %d 0 R/First %d 0 R/Last %d 0 R>>" % (n, 5 + n, 7 + n, 7 + n)
        for n in range(20_000)
    )
    return plain(catalog=b"/Outlines 6 0 R", more=items)


def looped_outline() -> bytes:
    """An outline whose entry follows itself."""
    return plain(
        catalog=b"/Outlines 6 0 R",
        more=(b"<</First 7 0 R/Last 7 0 R>>", b"<</Title(Again)/Next 7 0 R/First 7 0 R>>"),
    )


def bomb() -> bytes:
    """A page of 1.5 GiB, in a few kilobytes."""
    packer, once = zlib.compressobj(1), bytearray()
    for _ in range(1536):
        once += packer.compress(bytes(1 << 20))
    twice = stream(bytes(once + packer.flush()), packed=1)
    return plain(content=twice.replace(b"/FlateDecode]", b"/FlateDecode/FlateDecode]"))


def many_strokes() -> bytes:
    """A page of three million short lines."""
    return plain(content=stream(HEAD + TEXT + b"0 0 m 9 9 l S\n" * 3_000_000, packed=1))


def many_letters() -> bytes:
    """A page of two million letters."""
    return plain(
        content=stream(b"BT /F1 1 Tf 1 0 0 1 9 9 Tm (abcdefgh) Tj ET\n" * 250_000, packed=1)
    )


def vast_image() -> bytes:
    """A picture of 60,000 x 60,000 pixels beside the text."""
    image = stream(
        b"\x00" * 1000,
        packed=1,
        extra=b"/Type/XObject/Subtype/Image/Width 60000/Height 60000"
        b"/ColorSpace/DeviceRGB/BitsPerComponent 8",
    )
    place = b"q 300 0 0 200 72 300 cm /Im Do Q\n"
    return plain(content=stream(HEAD + TEXT + place), more=(image,))


def many_pages() -> bytes:
    """The same page 100,000 times."""
    return plain(kids=b"3 0 R " * 100_000, count=100_000)


def scan() -> bytes:
    """A picture of a page, and no letter."""
    image = stream(
        b"\x80" * 64,
        extra=b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8",
    )
    return plain(content=stream(b"q 595 0 0 842 0 0 cm /Im Do Q\n"), more=(image,))


def scan_among_text() -> bytes:
    """A page of text, then one that is a picture."""
    image = stream(
        b"\x80" * 64,
        extra=b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8",
    )
    second = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 8 0 R"
        b"/Resources<</XObject<</Im 6 0 R>>>>>>"
    )
    place = stream(b"q 595 0 0 842 0 0 cm /Im Do Q\n")
    return plain(kids=b"3 0 R 7 0 R", count=2, more=(image, second, place))


def unmapped_font() -> bytes:
    """A font that does not say which letters it draws."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/Unknown/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    )
    inner = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Unknown/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R/DW 600>>"
    )
    descriptor = b"<</Type/FontDescriptor/FontName/Unknown/Flags 4/ItalicAngle 0/StemV 80>>"
    lines = b"".join(
        b"BT /F1 11 Tf 72 %d Td <%b> Tj ET\n" % (700 - 14 * n, b"00410152026303740485" * 4)
        for n in range(20)
    )
    return plain(content=stream(lines), font=font, more=(inner, descriptor))


def hostile_links() -> bytes:
    """Actions that run, open or fetch something, as links over the text and on opening."""
    actions = (
        b"/S/URI/URI(javascript:alert(1))",
        b"/S/URI/URI(file:///etc/passwd)",
        b"/S/URI/URI(data:text/html,<script>1</script>)",
        b"/S/Launch/F(calc.exe)",
        b"/S/JavaScript/JS(app.alert(1))",
        b"/S/URI/URI(https://example.org/good)",
    )
    annotations = b"".join(
        b"<</Type/Annot/Subtype/Link/Rect[72 %d 300 %d]/A<<%b>>>>" % (698 - 14 * n, 710 - 14 * n, a)
        for n, a in enumerate(actions)
    )
    opening = b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    return plain(catalog=opening, page=b"/Annots[%b]" % annotations)


def odd_characters() -> bytes:
    """A font map that leads to NUL, lone surrogates, private characters and overrides."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> "
        b"endcodespacerange\n5 beginbfchar <01> <0000> <02> <D800> <03> <E000> <04> <202E> "
        b"<05> <FFFF> endbfchar\n1 beginbfrange <20> <7E> <0020> endbfrange\nendcmap end"
    )
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R>>")
    odd = HEAD.replace(b"A plain headline", b"A\001\002 pl\003ain\004 head\005line")
    return plain(content=stream(odd + TEXT), font=font, more=(stream(cmap),))


def tilted() -> bytes:
    """Every line at 45 degrees."""
    turned = (HEAD + TEXT).replace(b"Tf 72 ", b"Tf 0.7 0.7 -0.7 0.7 72 ").replace(b" Td", b" Tm")
    return plain(content=stream(turned))


def turned(quarters: int) -> bytes:
    """A page that is printed sideways, and turned by the viewer."""
    box = b"0 0 842 595" if quarters % 2 else b"0 0 595 842"
    back = {1: b"0 1 -1 0 842 0 cm ", 2: b"-1 0 0 -1 595 842 cm ", 3: b"0 -1 1 0 0 595 cm "}
    return plain(
        box=box, page=b"/Rotate %d" % (90 * quarters), content=stream(back[quarters] + HEAD + TEXT)
    )


def lookalikes() -> bytes:
    """A headline whose font leads to radicals, a bracketed weekday and a ligature."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> "
        b"endcodespacerange\n6 beginbfchar <01> <2F2F> <02> <4F5C> <03> <2EA0> <04> <3230> "
        b"<05> <FB01> <06> <F9B4> endbfchar\n"
        b"1 beginbfrange <20> <7E> <0020> endbfrange\nendcmap end"
    )
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R>>")
    head = HEAD.replace(b"A plain headline", b"\001\002\003\004\006 \005le")
    return plain(content=stream(head + TEXT), font=font, more=(stream(cmap),))


def truncated() -> bytes:
    """The first half of a good file, in the middle of its page."""
    return plain()[:600]


def broken_table() -> bytes:
    """A cross-reference table that points beside every object."""
    return plain().replace(b"00000 n ", b"00001 n ").replace(b"startxref\n", b"startxref\n9")


FILES: dict[str, Maker] = {
    "empty": lambda: b"",
    "a web page": lambda: b"<!doctype html><title>Not a PDF</title>" + b" " * 2_000 + b"%PDF-1.7",
    "a ZIP archive": lambda: b"PK\x03\x04" + bytes(2_000),
    "a photograph": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2_000),
    "only a header": lambda: b"%PDF-1.7\n",
    "truncated": truncated,
    "no pages": lambda: plain(kids=b"", count=0),
    "pages that lie about their number": lambda: plain(count=1_000_000_000),
    "nested pages": nested_pages,
    "looped pages": looped_pages,
    "nested outline": nested_outline,
    "looped outline": looped_outline,
    "a huge page": lambda: plain(box=b"0 0 1e12 1e12"),
    "a page of no size": lambda: plain(box=b"0 0 0 0"),
    "a page upside down": lambda: plain(box=b"595 842 0 0"),
    "a page of nonsense": lambda: plain(box=b"nan inf (a) null"),
    "a broken table": broken_table,
    "a bomb": bomb,
    "many strokes": many_strokes,
    "many letters": many_letters,
    "a vast image": vast_image,
    "many pages": many_pages,
    "a scan": scan,
    "a scan among text": scan_among_text,
    "an unmapped font": unmapped_font,
    "hostile links": hostile_links,
    "odd characters": odd_characters,
    "tilted": tilted,
    "a page turned once": lambda: turned(1),
    "a page turned twice": lambda: turned(2),
    "a page turned back": lambda: turned(3),
    "lookalikes": lookalikes,
}
