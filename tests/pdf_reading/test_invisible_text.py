"""Invisible text is not read; the text layer over the picture of a scan is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pdf_reading import Limits, ParseFailure, UnreadablePdf
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream

SECRET = b"BT /F1 11 Tf %b 72 500 Td (A line that was not meant for anybody to read.) Tj ET\n"
STATES = (
    b"/Resources<</Font<</F1 5 0 R>>/XObject<</Im 6 0 R>>/ExtGState<</Nil<</ca 0>>>>>>"  # the last
)
WORDS = "not meant for anybody"


def text_of(content: bytes, folder: Path, *, more: tuple[bytes, ...] = ()) -> str:
    pdf = folder / "issue.pdf"
    pdf.write_bytes(plain(content=stream(content), more=more, page=STATES))
    issue = read(pdf, limits=Limits())
    articles = [article for section in issue.sections for article in section.articles]
    return " ".join(getattr(part, "text", "") for one in articles for part in one.passages)


def picture() -> bytes:
    """A page of a scanner: stripes for lines of text."""
    image = Image.new("L", (595, 842), 255)
    for at in range(60, 800, 14):
        ImageDraw.Draw(image).line((72, at, 500, at), fill=0, width=3)
    out = io.BytesIO()
    image.save(out, "JPEG")
    jpeg = out.getvalue()
    head = b"/Type/XObject/Subtype/Image/Width 595/Height 842/ColorSpace/DeviceGray"
    return stream(jpeg, extra=head + b"/BitsPerComponent 8/Filter/DCTDecode")


WHITE = b"1 1 1 rg"
BLUE = b"0.2 0.3 0.8 rg"
INVISIBLE = {
    "white_on_white": SECRET % WHITE,
    "nearly_white_on_white": SECRET % b"0.98 g",
    "drawn_invisibly": SECRET % b"3 Tr",
    "transparent": b"q /Nil gs " + SECRET % b"0 g" + b"Q ",
    "in_the_ink_of_its_ground": BLUE + b" 60 480 480 60 re f " + SECRET % BLUE,
    "under_a_white_area": SECRET % b"0 g" + b"1 g 60 480 480 60 re f 0 g ",
    "tiny": (SECRET % b"0 g").replace(b"/F1 11", b"/F1 0.2"),
    "of_no_size": (SECRET % b"0 g").replace(b"/F1 11", b"/F1 0"),
    "left_of_the_page": (SECRET % b"0 g").replace(b"72 500 Td", b"-500 500 Td"),
    "below_the_page": (SECRET % b"0 g").replace(b"72 500 Td", b"72 -90 Td"),
}
VISIBLE = {
    "black": SECRET % b"0 g",
    "white_on_blue": BLUE + b" 60 480 480 60 re f " + SECRET % WHITE,
    "grey": SECRET % b"0.6 g",
    "black_on_white_areas": b"1 g 0 0 595 842 re f " + SECRET % b"0 g",
    "outlined_in_black": SECRET % b"1 g 0 G 2 Tr",
    "beside_a_white_area": SECRET % b"0 g" + b"1 g 60 300 480 60 re f 0 g ",
}


@pytest.mark.parametrize("hidden", INVISIBLE.values(), ids=INVISIBLE)
def test_invisible_text_is_not_read(hidden: bytes, tmp_path: Path) -> None:
    text = text_of(HEAD + TEXT + hidden, tmp_path)
    assert "says nothing in particular" in text
    assert WORDS not in text


# pdfium gives no characters of size nil, so that nobody knows of them.
COUNTED = {name: hidden for name, hidden in INVISIBLE.items() if name != "of_no_size"}


@pytest.mark.parametrize(
    ("content", "codes"),
    [*((hidden, ["invisible_text"]) for hidden in COUNTED.values()), (VISIBLE["black"], [])],
    ids=[*COUNTED, "visible"],
)
def test_text_that_nobody_sees_is_said(content: bytes, codes: list[str], tmp_path: Path) -> None:
    pdf = tmp_path / "issue.pdf"
    content = stream(HEAD + TEXT + b"0 g " + content)
    pdf.write_bytes(plain(content=content, more=(picture(),), page=STATES))
    warnings = read(pdf, limits=Limits()).warnings
    assert [one.code for one in warnings if one.code == "invisible_text"] == codes


@pytest.mark.parametrize("shown", VISIBLE.values(), ids=VISIBLE)
def test_visible_text_is_read(shown: bytes, tmp_path: Path) -> None:
    assert WORDS in text_of(HEAD + TEXT + b"0 g " + shown, tmp_path)


def test_the_text_layer_of_a_scan_is_read(tmp_path: Path) -> None:
    scan = b"q 595 0 0 842 0 0 cm /Im Do Q 3 Tr " + HEAD + TEXT
    text = text_of(scan, tmp_path, more=(picture(),))
    assert text.count("says nothing in particular") == 12


def test_a_file_of_invisible_text_alone_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePdf) as refusal:
        text_of(b"3 Tr " + HEAD + TEXT, tmp_path)
    assert refusal.value.reason == ParseFailure.NO_TEXT


def form(content: bytes, *, inner: bytes = b"") -> bytes:
    """A form; `inner` is what it draws by the name of In."""
    names = b"/XObject<</In %b>>" % inner if inner else b""
    resources = b"/Resources<</Font<</F1 5 0 R>>%b>>" % names
    return stream(content, extra=b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + resources)


@pytest.mark.parametrize("scale", [b"0", b"0.001", b"0.02"])
def test_forms_within_forms_may_draw_letters_of_no_size(scale: bytes, tmp_path: Path) -> None:
    squeezed = b"/F1 11 Tf 0 0 0 0 72 500 Tm".replace(
        b"0 0 0 0 72", b"%b 0 0 %b 72" % (scale, scale)
    )
    nothing = b"BT %b (Nobody sees this) Tj ET\n" % squeezed
    small = b"q %b 0 0 %b 9 9 cm " % (scale, scale) + TEXT + b"Q\n"
    more = (
        form(HEAD + TEXT + b"/In Do ", inner=b"7 0 R"),
        form(nothing + small + b"/In Do", inner=b"8 0 R"),
        form(nothing + small),
    )
    text = text_of(b"/Im Do " + nothing, tmp_path, more=more)
    assert text.count("says nothing in particular") == 12
    assert "Nobody" not in text
