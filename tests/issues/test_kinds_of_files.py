"""What a file is says its content, whatever its name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings

from document_reading import Format, is_installed, with_headline
from issues.intake import kinds, pdf
from issues.intake.errors import Unreadable
from pdf_reading import ParseFailure
from pdf_reading.issue_text import ArticleText, IssueText, Paragraph, SectionText
from tests.support.documents import docx, p, r

SAMPLE = Path(settings.BASE_DIR, "samples", "ostermere-2026-09.pdf")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", kinds.PDF),
        (b"\xef\xbb\xbf%PDF-1.7", kinds.PDF),
        (b" " * (pdf.HEADER_WITHIN - 5) + b"%PDF-", kinds.PDF),
        (b"\0" * (pdf.HEADER_WITHIN - 4) + b"%PDF-", None),
        (b"PK\x03\x04", None),
        (b"PK\x03\x04 xl/workbook.xml [Content_Types].xml", None),
        (b"PK\x03\x04 word/document.xml [Content_Types].xml", kinds.DOCX),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text", kinds.KINDS[Format.ODT]),
        (b"{\\rtf1 x}", kinds.KINDS[Format.RTF]),
        (OLE + b" an old spreadsheet", None),
        (OLE + "EncryptedPackage".encode("utf-16-le"), kinds.KINDS[Format.LOCKED]),
        ("湖区通讯".encode(), kinds.KINDS[Format.TEXT]),
        ("湖区通讯".encode("gb18030"), kinds.KINDS[Format.TEXT]),
        ("湖区通讯".encode("utf-16"), kinds.KINDS[Format.TEXT]),
        (b"<!DOCTYPE html><p>A page of the web", None),
        (b'<?xml version="1.0"?><x/>', None),
        (b"MZ\x90\x00", None),
        (b"\x89PNG\r\n\x1a\n\0\0", None),
        (b" \n ", None),
        (b"", None),
    ],
)
def test_a_kind_is_recognised_by_its_content(content: bytes, kind: kinds.Kind | None) -> None:
    assert kinds.kind_of(io.BytesIO(content)) is kind


def test_what_an_old_word_file_says_of_itself_is_found_wherever_it_stands() -> None:
    content = OLE.ljust((1 << 20) - 8, b"\0")
    named = "WordDocument".encode("utf-16-le")  # across two of the pieces that are searched
    assert kinds.kind_of(io.BytesIO(content + named)) is kinds.KINDS[Format.DOC]


def test_a_file_is_read_whatever_its_name_says(tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(SAMPLE.read_bytes())
    found = kinds.kind_of_file(file).read(file, tmp_path)
    assert found.text.title == "The Ostermere Bulletin"
    assert found.pdf == file


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", ParseFailure.EMPTY), (b"MZ\x90\x00", ParseFailure.NOT_A_PDF)]
)
def test_a_stored_file_of_no_kind_says_why_it_cannot_be_read(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(content)
    with pytest.raises(Unreadable) as refusal:
        kinds.kind_of_file(file).read(file, tmp_path)
    assert refusal.value.reason == reason


@pytest.mark.skipif(not is_installed(), reason="LibreOffice is not installed")
@pytest.mark.parametrize("format_", [Format.DOCX, Format.RTF])
def test_what_is_bold_or_italic_in_a_document_stays_so_beside_its_pages(
    tmp_path: Path, format_: Format
) -> None:
    bold, italic = r("到二〇三〇年", "<w:b/>"), r("nobody", "<w:i/>")
    contents = {
        Format.DOCX: docx(p("It rains ", bold, ", and ", italic, " knows why it does so.")),
        Format.RTF: rb"{\rtf1\ansi\uc0 It rains {\b \u21040\u20108\u12295\u19977\u12295\u24180}, "
        rb"and {\i nobody} knows why it does so.\par}",
    }
    file = tmp_path / "document"
    file.write_bytes(contents[format_])
    found = kinds.KINDS[format_].read(file, tmp_path)
    assert found.pdf == tmp_path / "pages.pdf"
    (text,) = found.text.sections[0].articles[0].passages
    assert isinstance(text, Paragraph)
    marked = [(mark.kind.value, text.text[mark.start : mark.stop]) for mark in text.marks]
    assert marked == [("bold", "到二〇三〇年"), ("italic", "nobody")]


@pytest.mark.skipif(not is_installed(), reason="LibreOffice is not installed")
def test_the_only_heading_of_a_document_is_a_headline_beside_its_pages_too(tmp_path: Path) -> None:
    file = tmp_path / "document"
    text = "It rains, and nobody knows why it does so, nor when it will end. " * 3
    file.write_bytes(docx(p("Much rain", style="1"), p(text), p("Given on 30 November 2026")))
    found = kinds.KINDS[Format.DOCX].read(file, tmp_path).text
    (article,) = found.sections[0].articles
    assert (found.title, article.title, article.confidence) == ("", "Much rain", 1.0)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("number", "headline"), [("No. 7", ""), ("", "Weather News")], ids=["masthead", "title"]
)
def test_the_head_of_a_bulletin_is_no_headline(number: str, headline: str) -> None:
    read = IssueText(
        "Weather News", number, "", "", 1, (SectionText("", articles=(ArticleText(""),)),)
    )
    headed = with_headline(read)
    assert headed.sections[0].articles[0].title == headline
    assert headed.title == ("" if headline else "Weather News")
