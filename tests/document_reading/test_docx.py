"""A DOCX is read by a library where LibreOffice is not there: nothing of its text is lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from document_reading import Format, read
from pdf_reading.issue_text import (
    Emphasis,
    Figure,
    Heading,
    IssueText,
    Listing,
    Paragraph,
    Quotation,
    Table,
)
from pdf_reading.limits import Limits
from tests.support.documents import docx, item, link, p, picture, png, r, relation, style, table

TEXT = "The council will stop asking for long reports from January on."


def issue_of(content: bytes, folder: Path) -> IssueText:
    file = folder / "document"
    file.write_bytes(content)
    return read(file, Format.DOCX, limits=Limits())


def outline(issue: IssueText) -> list[tuple[str, list[str]]]:
    return [
        (section.title, [article.title for article in section.articles])
        for section in issue.sections
    ]


def test_headings_become_sections_headlines_and_sub_headings(tmp_path: Path) -> None:
    issue = issue_of(
        docx(
            p("Rain", style="1"),
            *(p("Much rain", style="2"), p(TEXT), p("What to wear", style="3"), p(TEXT)),
            *(p("Little rain", style="2"), p(TEXT)),
            p("Wind", style="1"),
            *(p("No wind", style="2"), p(TEXT)),
        ),
        tmp_path,
    )
    assert outline(issue) == [("Rain", ["Much rain", "Little rain"]), ("Wind", ["No wind"])]
    assert issue.sections[0].articles[0].passages == (
        Paragraph(TEXT, 0),
        Heading("What to wear", 0),
        Paragraph(TEXT, 0),
    )
    assert issue.warnings == ()
    assert issue.account.adds_up


def test_a_heading_is_known_by_its_outline_level_whatever_its_style_is_called(
    tmp_path: Path,
) -> None:
    based = style("a7", "栏目", based_on="1")
    issue = issue_of(
        docx(
            p("政策", style="a7"),
            p("湖区发布办法", properties='<w:outlineLvl w:val="1"/>'),
            p(TEXT),
            p("Body text", properties='<w:outlineLvl w:val="9"/>'),
            styles=based,
        ),
        tmp_path,
    )
    assert outline(issue) == [("", ["湖区发布办法"])]
    assert issue.title == "政策"
    assert issue.sections[0].articles[0].passages[1] == Paragraph("Body text", 0)


def test_headlines_with_text_below_them_are_no_sections(tmp_path: Path) -> None:
    issue = issue_of(
        docx(
            *(p("Much rain", style="1"), p(TEXT), p("What to wear", style="2"), p(TEXT)),
            *(p("No wind", style="1"), p(TEXT)),
        ),
        tmp_path,
    )
    assert outline(issue) == [("", ["Much rain", "No wind"])]


@pytest.mark.parametrize("heading", ["1", "Title"])
def test_the_only_heading_of_a_document_is_the_headline_of_its_article(
    tmp_path: Path, heading: str
) -> None:
    content = docx(p("Much rain", style=heading), p(TEXT), p(TEXT), styles=style("Title", "Title"))
    issue = issue_of(content, tmp_path)
    assert outline(issue) == [("", ["Much rain"])]
    assert (issue.title, issue.warnings) == ("", ())


def test_without_styles_short_lines_in_bold_are_headlines(tmp_path: Path) -> None:
    bold = "<w:b/>"
    issue = issue_of(
        docx(
            *(p(r("Much rain", bold)), p(TEXT), p(r("Take care, says the office.", bold))),
            *(p(r("No wind", bold)), p(TEXT)),
        ),
        tmp_path,
    )
    assert outline(issue) == [("", ["Much rain", "No wind"])]


def test_lists_tables_links_and_pictures_stay_what_they_are(tmp_path: Path) -> None:
    issue = issue_of(
        docx(
            p("Much rain", style="1"),
            p("See ", link("the forecast", "web"), ", or ", link("this", "script"), "."),
            *(item("A hat"), item("Boots")),
            *(item("First", numbered=True), item("Second", numbered=True)),
            table(["City", "mm"], ["Here", "12"]),
            p(picture("cloud")),
            p("A cloud", style="caption"),
            styles=style("caption", "caption"),
            relations=[
                relation("hyperlink", "https://example.org/f", name="web", external=True),
                relation("hyperlink", "javascript:alert(1)", name="script", external=True),
                relation("image", "media/cloud.png", name="cloud"),
            ],
            more={"word/media/cloud.png": png(2000, 1000)},
        ),
        tmp_path,
    )
    text, marked, numbered, rain, cloud = issue.sections[0].articles[0].passages
    assert isinstance(text, Paragraph)
    assert text.text == "See the forecast, or this."
    assert [(one.start, one.stop, one.url) for one in text.links] == [
        (4, 16, "https://example.org/f")
    ]
    assert marked == Listing(0, ("A hat", "Boots"))
    assert numbered == Listing(0, ("1. First", "2. Second"))
    assert rain == Table("", 0, (("City", "mm"), ("Here", "12")), header=False)
    assert isinstance(cloud, Figure)
    assert cloud.caption == "A cloud"
    assert Image.open(io.BytesIO(cloud.png)).size == (1200, 600)


def test_a_table_of_one_cell_is_a_frame_around_its_text(tmp_path: Path) -> None:
    issue = issue_of(docx(p("Much rain", style="1"), table([TEXT])), tmp_path)
    assert issue.sections[0].articles[0].passages == (Paragraph(TEXT, 0),)


def test_source_author_and_date_are_credits_where_they_stand_alone(tmp_path: Path) -> None:
    issue = issue_of(
        docx(
            *(p("湖区发布办法", style="1"), p("作者：王小明"), p("2026年9月1日"), p(TEXT)),
            p("（来源：新华社）"),
            *(p("Only a source", style="1"), p("（来源：新华社）")),
        ),
        tmp_path,
    )
    first, second = issue.sections[0].articles
    assert (first.byline, first.date, first.source) == ("王小明", "2026年9月1日", "新华社")
    assert first.passages == (Paragraph(TEXT, 0),)
    assert second.passages == (Paragraph("（来源：新华社）", 0),)


def test_text_in_content_controls_and_insertions_is_read_and_what_was_struck_out_is_not(
    tmp_path: Path,
) -> None:
    control = f"<w:sdt><w:sdtContent>{p('In a control')}</w:sdtContent></w:sdt>"
    inserted = f'<w:ins w:id="1">{r("Inserted")}</w:ins>'
    struck = '<w:del w:id="2"><w:r><w:delText>Gone</w:delText></w:r></w:del>'
    contents = style("TOC1", "toc 1")
    issue = issue_of(
        docx(
            p("Rain 3", style="TOC1"),
            p("Rain", style="1"),
            control,
            p(inserted, struck),
            styles=contents,
        ),
        tmp_path,
    )
    assert issue.sections[0].articles[0].passages == (
        Paragraph("In a control", 0),
        Paragraph("Inserted", 0),
    )


def test_a_linked_picture_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    issue = issue_of(
        docx(
            p(TEXT),
            p(picture("file", linked=True)),
            relations=[relation("image", secret.as_uri(), name="file", external=True)],
        ),
        tmp_path,
    )
    assert issue.sections[0].articles[0].passages == (Paragraph(TEXT, 0),)


def test_bold_and_italic_words_and_quotations_stay_what_they_are(tmp_path: Path) -> None:
    issue = issue_of(
        docx(
            p("Rain", style="1"),
            p(r("The "), r("old", "<w:b/>"), r(" mill", "<w:b/><w:i/>"), r(" stands.")),
            p("Water runs downhill.", style="q"),
            styles=style("q", "Quote"),
        ),
        tmp_path,
    )
    text, quotation = issue.sections[0].articles[0].passages
    assert isinstance(text, Paragraph)
    assert [(text.text[one.start : one.stop], one.kind) for one in text.marks] == [
        ("old mill", Emphasis.BOLD),
        ("mill", Emphasis.ITALIC),
    ]
    assert quotation == Quotation("Water runs downhill.", 0)
