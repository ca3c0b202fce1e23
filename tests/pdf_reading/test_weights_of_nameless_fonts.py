"""Bold Chinese in fonts that have no name, as browsers print it, is seen by its strokes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from pdf_reading import Limits
from pdf_reading.glyphs.document import Document
from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.glyphs.stems import weighed
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

SANS = 'body, p { font-family: "Noto Sans CJK SC" } p { font-size: 11pt }'
TEXT = "闸口每天早晨六点开启，傍晚六点关闭，船只应当在此之前报到。值班人员按到达的先后登记。" * 4
HEADLINES = [
    "渡口本月起延长开放时间",
    "沿湖十二所学校改用新表，合格率为98.6%",
    "水位首次超过去年的一半",
]


def notices(folder: Path) -> Path:
    html = "<h1>湖区通讯</h1>" + "".join(
        f"<p><b>{headline}</b></p><p>{TEXT}</p><p>{TEXT}</p>" for headline in HEADLINES
    )
    return printed(html, folder / "notices.pdf", css=SANS)


def test_the_words_of_a_bold_line_are_bold_and_no_others(tmp_path: Path) -> None:
    with Document(notices(tmp_path)) as document:
        glyphs = [glyph for page in document.pages() for glyph in page.glyphs]
    assert {glyph.font.family for glyph in glyphs} == {""}
    small = "".join(glyph.text for glyph in glyphs if glyph.font.bold and glyph.size < 12)
    assert small == "".join(HEADLINES)


def test_bold_lines_in_the_size_of_the_text_are_headlines(tmp_path: Path) -> None:
    issue = read(notices(tmp_path), limits=Limits())
    assert [article.title for section in issue.sections for article in section.articles] == (
        HEADLINES
    )


def no_picture(_: float) -> Image.Image:
    raise AssertionError("a picture was made")


def line(font: Font) -> list[Glyph]:
    return [
        Glyph(character, 10.0 * n, 0, 10.0 * n + 10, 12, 10, 10, font)
        for n, character in enumerate("渡口")
    ]


def test_a_page_whose_fonts_have_names_costs_no_picture() -> None:
    glyphs = line(Font("SimSun", bold=False))
    assert weighed(glyphs, area=1, picture=no_picture) is glyphs


def test_of_a_page_as_large_as_a_hall_no_picture_is_made() -> None:
    glyphs = line(Font("", bold=False))
    assert weighed(glyphs, area=14_400.0**2, picture=no_picture) is glyphs


def drawn(*, stroke: int) -> Callable[[float], Image.Image]:
    """A picture on which each character is a cross of that stroke, in pixels."""

    def picture(scale: float) -> Image.Image:
        page = Image.new("RGB", (round(30 * scale), round(20 * scale)), "white")
        for left in (0, 10):
            middle = round((left + 5) * scale)
            page.paste("black", (middle, 3, middle + stroke, 33))
            page.paste(
                "black", (round(left * scale) + 2, 15, round(left * scale) + 28, 15 + stroke)
            )
        return page

    return picture


def test_strokes_of_a_tenth_of_the_size_are_bold_and_those_of_a_fifteenth_are_not() -> None:
    glyphs = line(Font("", bold=False))
    assert not any(one.font.bold for one in weighed(glyphs, area=600, picture=drawn(stroke=2)))
    assert all(one.font.bold for one in weighed(glyphs, area=600, picture=drawn(stroke=4)))
