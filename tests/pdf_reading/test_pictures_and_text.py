"""What stands on or beside a picture, a ground of colour or a frame is text; labels are not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pdf_reading import Limits
from pdf_reading.glyphs.geometry import Box
from pdf_reading.issue_text import Figure, IssueText, Paragraph
from pdf_reading.layout.lines import Face, Inset, Line
from pdf_reading.pipeline import read
from pdf_reading.structure.flow import with_whole_headings
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream


def drawn(content: bytes, folder: Path) -> IssueText:
    """The plain issue, with something drawn below its text."""
    pdf = folder / "issue.pdf"
    pdf.write_bytes(plain(content=stream(content + b"0 g " + HEAD + TEXT)))
    return read(pdf, limits=Limits())


def text_of(issue: IssueText) -> str:
    articles = [article for section in issue.sections for article in section.articles]
    return " ".join(
        part.text for one in articles for part in one.passages if isinstance(part, Paragraph)
    )


def figures_of(issue: IssueText) -> list[Figure]:
    articles = [article for section in issue.sections for article in section.articles]
    return [part for one in articles for part in one.passages if isinstance(part, Figure)]


HILL = b"0.5 g %d 300 m %d %d %d %d %d 300 c f "
CUT = b"q 72 300 200 120 re W n 0.9 0.9 0.6 rg -900 -900 2000 2000 re f "


@pytest.mark.parametrize(
    "hills",
    [HILL % (-900, -300, 900, 700, 900, 1500), HILL % (80, 120, 380, 200, 400, 260)],
    ids=["all", "part"],
)
def test_of_a_picture_cut_by_its_clip_no_more_is_there_than_is_seen(
    hills: bytes, tmp_path: Path
) -> None:
    issue = drawn(CUT + hills + b"Q ", tmp_path)
    assert text_of(issue).count("says nothing in particular") == 12
    for figure in figures_of(issue):
        assert figure.place.x0 > 70
        assert figure.place.bottom - figure.place.top < 130


GROUND = b"0.94 0.95 1 rg 50 180 480 640 re f 0.7 0.75 0.9 RG "
WAVES = b"".join(
    b"50 %d m 180 %d 380 %d 530 %d c S " % (y, y + 60, y - 60, y) for y in range(200, 500, 20)
)
SKETCH = (
    b"0.9 0.8 0.6 rg 90 420 70 50 re f 0.4 0.5 0.4 rg 95 425 m 125 465 l 155 425 l 95 425 l h f "
)


def test_text_over_a_picture_of_half_a_page_is_text(tmp_path: Path) -> None:
    issue = drawn(GROUND + WAVES, tmp_path)
    assert text_of(issue).count("says nothing in particular") == 12


def test_a_picture_on_the_ground_of_a_text_is_a_figure(tmp_path: Path) -> None:
    issue = drawn(GROUND + SKETCH, tmp_path)
    assert text_of(issue).count("says nothing in particular") == 12
    places = [figure.place for figure in figures_of(issue)]
    assert [round(place.x0) for place in places] == [90]


def bars(labels: bytes) -> bytes:
    """A chart of five bars, two curves and three words."""
    rising = b"".join(
        b"0.4 0.5 0.7 rg %d 300 30 %d re f " % (100 + 50 * n, 20 + 18 * n) for n in range(5)
    )
    curves = b"90 300 m 200 420 250 330 340 400 c S 90 300 m 200 320 250 430 340 420 c S "
    return b"90 300 m 350 300 l S 90 300 m 90 420 l S " + rising + curves + labels


def test_the_labels_of_a_chart_stay_in_it(tmp_path: Path) -> None:
    labels = b"".join(
        b"BT /F1 7 Tf %d 288 Td (%b) Tj ET " % (104 + 50 * n, word)
        for n, word in enumerate((b"Jan", b"Feb", b"Mar", b"Apr", b"May"))
    )
    issue = drawn(bars(b"0 g " + labels), tmp_path)
    assert len(figures_of(issue)) == 1
    assert "Feb" not in text_of(issue)


def test_a_picture_takes_no_first_letters_of_the_lines_beside_it(tmp_path: Path) -> None:
    hills = b"0.5 g %d 600 m 20 720 50 500 %d 600 c f "
    issue = drawn(hills % (10, 80) + hills % (14, 76), tmp_path)  # 8 points into the text
    assert [round(figure.place.x1) for figure in figures_of(issue)] == [80]
    assert text_of(issue).count("Line ") == 12


def thrice(content: bytes, folder: Path) -> IssueText:
    """Three pages with the same content."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    pdf = folder / "issue.pdf"
    kids = b"3 0 R 6 0 R 7 0 R"
    pdf.write_bytes(plain(content=stream(content), kids=kids, count=3, more=(page, page)))
    return read(pdf, limits=Limits())


def test_an_ornament_below_the_text_of_every_page_is_no_figure(tmp_path: Path) -> None:
    assert figures_of(thrice(WAVES + b"0 g " + HEAD + TEXT, tmp_path)) == []


def test_pictures_in_one_place_of_all_pages_are_figures_where_text_stands_beside(
    tmp_path: Path,
) -> None:
    picture = SKETCH.replace(b"90 420 70 50", b"400 600 70 50").replace(
        b"95 425 m 125 465 l 155 425 l 95 425", b"405 605 m 435 645 l 465 605 l 405 605"
    )
    assert len(figures_of(thrice(picture + b"0 g " + HEAD + TEXT, tmp_path))) == 3


def test_a_figure_beside_a_heading_of_two_lines_stands_behind_it() -> None:
    body, large = Face(10, bold=False, family=""), Face(16, bold=True, family="")
    box = Box(50, 100, 90, 160)
    figure = Line(1, "", box, 160, body, inset=Inset("figure", box))

    def line(text: str, baseline: float, face: Face) -> Line:
        return Line(1, text, Box(100, baseline - face.size, 400, baseline), baseline, face)

    head = [line("Recovery in the", 110, large), line("community", 130, large)]
    text = [line("We meet again", 150, body), line("in the autumn.", 163, body)]
    parted = [head[0], figure, head[1], *text]
    assert with_whole_headings(parted, body=body) == [*head, figure, *text]
    apart = [*head, text[0], figure, text[1]]
    assert with_whole_headings(apart, body=body) == apart


def colours_of(png: bytes) -> set[tuple[int, ...]]:
    with Image.open(io.BytesIO(png)) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24) or []
    return {colour for _, colour in colours if isinstance(colour, tuple)}


def test_a_drawing_keeps_its_colours(tmp_path: Path) -> None:
    shades = [(3 * n, 255 - n, 200 - 2 * n) for n in range(80)]
    stripes = b"".join(
        b"%.4f %.4f %.4f rg %d 300 4 100 re f " % (*(part / 255 for part in shade), 100 + 4 * n)
        for n, shade in enumerate(shades)
    )
    (figure,) = figures_of(drawn(stripes, tmp_path))
    assert colours_of(figure.png) >= set(shades)
