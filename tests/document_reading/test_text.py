"""Text and Markdown are read in any encoding; whatever they hold stays text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document_reading.articles import issue_of
from document_reading.encodings import text_of
from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.text import blocks_of_text
from pdf_reading.issue_text import (
    Emphasis,
    IssueText,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    Table,
)

ZH = "湖区发布科学数据共享办法，明确谁产生、谁说明、谁受益。"
TW = "湖區發布科學數據共享辦法，明確誰產生、誰說明、誰受益。"


def read(text: str | bytes, folder: Path) -> IssueText:
    file = folder / "text"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return issue_of(blocks_of_text(file))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ZH, "utf-8"),
        (ZH, "utf-8-sig"),
        (ZH, "utf-16"),
        (ZH, "gbk"),
        (ZH * 5000, "gb18030"),  # longer than the sample by which it is told
        (TW, "big5"),
        ("Café déjà vu, señor – naïve façade", "cp1252"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_is_in(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text
    assert text_of(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text


def test_what_is_in_no_encoding_is_refused() -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        text_of(codecs.BOM_UTF8 + b"\xff\xff")
    assert refusal.value.reason == DocumentFailure.UNKNOWN_ENCODING


def test_plain_text_is_one_article_of_which_each_line_is_a_paragraph(tmp_path: Path) -> None:
    issue = read(f"1986. A great year\r\n    indented\n\n<b>{ZH}</b>\x00\n- 5*3*2", tmp_path)
    ((article,),) = (section.articles for section in issue.sections)
    assert [passage.texts[0] for passage in article.passages] == [
        "1986. A great year",
        "indented",
        f"<b>{ZH}</b>",
        "- 5*3*2",
    ]
    assert [warning.code for warning in issue.warnings] == ["no_headlines"]


def test_markdown_has_sections_and_headlines(tmp_path: Path) -> None:
    issue = read(
        f"# 湖区通讯\n\n## 政策\n\n### 办法\n\n{ZH[:10]}\n{ZH[10:]}\n\n### 第二\n\nText\n", tmp_path
    )
    assert issue.title == "湖区通讯"
    assert [(one.title, [a.title for a in one.articles]) for one in issue.sections] == [
        ("政策", ["办法", "第二"])
    ]
    assert issue.sections[0].articles[0].passages == (Paragraph(ZH, 0),)


def test_lists_keep_their_numbers_and_tables_their_cells(tmp_path: Path) -> None:
    issue = read(
        "# A\n\n1986. A great year\n1987. [b](https://e.org)\n      - c\n\n| x | y |\n|---|---|\n"
        "| 1 | *2* |\n",
        tmp_path,
    )
    listing, grid = issue.sections[0].articles[0].passages
    assert isinstance(listing, Listing)
    assert listing.entries == ("1986. A great year", "1987. b", "– c")
    assert [(link.part, link.url) for link in listing.links] == [(1, "https://e.org")]
    two = (Mark(4, 0, 1, Emphasis.ITALIC),)
    assert grid == Table("", 0, (("x", "y"), ("1", "2")), header=True, marks=two)


def test_bold_and_italic_words_stay_so_and_quotations_are_quotations(tmp_path: Path) -> None:
    issue = read(
        "# A\n\nThe **old mill** *and* its ***wheel***.\n\n> Water *runs*\n> downhill.\n\n"
        "- go **now**\n",
        tmp_path,
    )
    text, quotation, listing = issue.sections[0].articles[0].passages
    assert isinstance(text, Paragraph)
    assert {(text.text[one.start : one.stop], one.kind) for one in text.marks} == {
        ("old mill", Emphasis.BOLD),
        ("and", Emphasis.ITALIC),
        ("wheel", Emphasis.BOLD),
        ("wheel", Emphasis.ITALIC),
    }
    assert quotation == Quotation("Water runs downhill.", 0, (), (Mark(0, 6, 10, Emphasis.ITALIC),))
    assert isinstance(listing, Listing)
    assert listing.marks == (Mark(0, 3, 6, Emphasis.BOLD),)


def test_the_words_of_notes_stay(tmp_path: Path) -> None:
    issue = read("# Rain\n\nIt rains.[^1]\n\n[^1]: Says the office.\n", tmp_path)
    assert [one.texts for one in issue.sections[0].articles[0].passages] == [
        ("It rains.[^1]",),
        ("[^1]: Says the office.",),
    ]


def test_raw_html_is_text_and_scripts_are_no_links(tmp_path: Path) -> None:
    issue = read(
        "# A\n\n<script>alert(1)</script>\n\n[j](javascript:alert(1)) [f](file:///etc/passwd) "
        "![pic](http://x.example/y.png) [ok](https://e.org)\n\n<iframe src=x>",
        tmp_path,
    )
    first, second, third = issue.sections[0].articles[0].passages
    assert first.texts == ("<script>alert(1)</script>",)
    assert isinstance(second, Paragraph)
    assert [link.url for link in second.links] == ["https://e.org"]
    assert "pic" in second.text
    assert third.texts == ("<iframe src=x>",)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zs", "Zl", "Zp"])))
def test_no_letter_of_plain_text_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("text")
    if not "".join(text.split()) or text.lstrip().startswith("#"):
        return
    issue = read(text, folder)
    found = "".join(
        part
        for section in issue.sections
        for article in section.articles
        for passage in article.passages
        for part in passage.texts
    )
    assert "".join(found.split()) == "".join(text.split())
    assert issue.account.adds_up


def test_an_empty_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        read(" \n\n ", tmp_path)
    assert refusal.value.reason == DocumentFailure.NO_TEXT
