"""Fonts that a print driver calls by numbers have the name and the weight of their program."""

from __future__ import annotations

import re
from pathlib import Path

from pdf_reading import Limits
from pdf_reading.glyphs.document import Document
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

HEADLINES = ["The ferry sails later", "New lamps on the quay", "A bench for the school"]
TEXT = "The crew asks everybody to come ten minutes before the bell and to bring a light. " * 5
PAGE = "".join(f"<p><b>{headline}</b></p><p>{TEXT}</p><p>{TEXT}</p>" for headline in HEADLINES)


def numbered(pdf: Path) -> Path:
    """The file with its fonts named as Windows prints them, in as many bytes."""
    names = sorted(set(re.findall(rb"/[A-Z]{6}\+DejaVu[\w-]+", pdf.read_bytes())))
    data = pdf.read_bytes()
    for number, name in enumerate(names):
        data = data.replace(name, b"/CIDFont+F%0*d" % (len(name) - 10, number))
    pdf.write_bytes(data)
    return pdf


def spoilt(pdf: Path) -> Path:
    """The file with font programs whose tables are not where they should be."""
    data = pdf.read_bytes()
    pdf.write_bytes(data.replace(b"/FontFile2", b"/FontFile9"))
    return pdf


def test_a_numbered_font_is_named_by_its_program(tmp_path: Path) -> None:
    with Document(numbered(printed(PAGE, tmp_path / "issue.pdf"))) as document:
        fonts = {glyph.font for page in document.pages() for glyph in page.glyphs}
    assert {(font.family, font.bold) for font in fonts} == {
        ("DejaVuSerif", False),
        ("DejaVuSerif", True),
    }


def test_bold_headlines_in_numbered_fonts_are_found(tmp_path: Path) -> None:
    issue = read(numbered(printed(PAGE, tmp_path / "issue.pdf")), limits=Limits())
    assert [article.title for section in issue.sections for article in section.articles] == (
        HEADLINES
    )


def test_a_numbered_font_without_a_program_keeps_its_number(tmp_path: Path) -> None:
    with Document(spoilt(numbered(printed(PAGE, tmp_path / "issue.pdf")))) as document:
        fonts = {glyph.font for page in document.pages() for glyph in page.glyphs}
    assert all(font.family.startswith("CIDFont+F") and not font.bold for font in fonts)
