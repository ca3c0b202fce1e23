"""Tables and words that are pasted from Excel, Word and pages of the web."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from issues import markup, pasted_html, pasted_table
from issues.models import Issue
from pdf_reading.issue_text import (
    Emphasis,
    Heading,
    Link,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    Table,
)

EXCEL = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>td {mso-x:1}</style>
<!--[if gte mso 9]><xml><x:y>z</x:y></xml><![endif]--></head><body><!--StartFragment-->
<table border=0><col width=64><tr height=19><td class=xl65 colspan=2>City</td><td>Rain</td></tr>
 <tr><td rowspan=2>Here</td><td>North<br style='mso-data-placement:same-cell'>East</td>
 <td x:num align=right>12 | 3</td></tr><tr><td>South</td>
 <td>*4*</td></tr></table><!--EndFragment--></body></html>"""

WORD = """<html><body><p class=MsoNormal>Before&nbsp; <b>bold<o:p></o:p></b>, <i
style='mso-bidi-font-style:normal'>x</i></p>
<h2>Rain</h2><table><thead><tr><th><p>City</p></th><th><p>mm</p></th></tr></thead>
<tr><td><p>Here</p><p>and there</p></td><td><p><a href="https://example.org/a">12</a></p></td></tr>
<tr><td></td><td></td></tr></table><p>After<br>that <a href="javascript:x()">no</a></p>"""


def test_a_table_copied_from_excel_is_a_table() -> None:
    (table,) = pasted_html.passages_of_html(EXCEL)
    assert table == Table(
        "",
        0,
        (("City", "", "Rain"), ("Here", "North\nEast", "12 | 3"), ("", "South", "*4*")),
        header=False,
    )
    assert markup.read(markup.write([table])) == (table,)


def test_a_text_copied_from_word_keeps_its_table_and_the_words_around_it() -> None:
    assert pasted_html.passages_of_html(WORD) == (
        Paragraph(
            "Before bold, x",
            0,
            (),
            (Mark(0, 7, 11, Emphasis.BOLD), Mark(0, 13, 14, Emphasis.ITALIC)),
        ),
        Heading("Rain", 0),
        Table(
            "",
            0,
            (("City", "mm"), ("Here\nand there", "12")),
            header=True,
            links=(Link(4, 0, 2, "https://example.org/a"),),
        ),
        Paragraph("After", 0),
        Paragraph("that no", 0),
    )


def test_lists_of_a_page_of_the_web_are_lists() -> None:
    html = (
        "<div>Before<ul><li><p>One</p><p>more</p></li><li>Two<ul><li><b>In</b>side</li></ul></li>"
        "</ul><ol start=3><li>C <a href='https://example.org/'>see</a></li><li></li><li>E</li></ol>"
        "<blockquote><p>Said</p></blockquote>After</div>"
    )
    read = pasted_html.passages_of_html(html)
    assert read == (
        Paragraph("Before", 0),
        Listing(0, ("One\nmore", "Two", "Inside"), (), (Mark(2, 0, 2, Emphasis.BOLD),)),
        Listing(0, ("3. C see", "5. E"), (Link(0, 5, 8, "https://example.org/"),)),
        Quotation("Said", 0),
        Paragraph("After", 0),
    )
    assert markup.read(markup.write(read)) == read


def test_lists_of_word_are_lists_though_their_html_has_none() -> None:
    entry = (
        "<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level1 lfo1'>"
        "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{0}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp; &nbsp;</span></span></span>"
        "<![endif]>{1}<o:p></o:p></p>"
    )
    bullets = entry.format("·", "<i>One</i>") + entry.format("§", "Two")
    numbers = entry.format("1.", "First") + entry.format("（二）", "Next")
    assert pasted_html.passages_of_html(f"{bullets}<p class=MsoNormal>Between</p>{numbers}") == (
        Listing(0, ("One", "Two"), (), (Mark(0, 0, 3, Emphasis.ITALIC),)),
        Paragraph("Between", 0),
        Listing(0, ("1. First", "（二） Next")),
    )


def test_what_is_bold_by_its_style_alone_is_bold() -> None:
    html = (
        "<b style='font-weight:normal'><p><span style='font-weight:400'>Plain </span>"
        "<span style='font-size:11pt;font-weight:700;font-style:italic'>both<span>!</span></span>"
        "</p></b>"
    )
    marks = (Mark(0, 6, 11, Emphasis.BOLD), Mark(0, 6, 11, Emphasis.ITALIC))
    assert pasted_html.passages_of_html(html) == (Paragraph("Plain both!", 0, (), marks),)


@pytest.mark.parametrize(
    "html", ["<b>" * 50_000 + "</i>" * 50_000, "<ul><li>" * 20_000 + "a" + "</li></ul>" * 20_000]
)
def test_html_of_many_elements_costs_what_is_in_it(html: str) -> None:
    assert len(pasted_html.passages_of_html(html)) < 2


def test_a_table_in_a_cell_is_words_of_that_cell() -> None:
    html = (
        "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>"
    )
    (table,) = pasted_html.passages_of_html(html)
    assert isinstance(table, Table)
    assert table.rows == (("a\nb\nc", "d"),)


TAGS = [
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=3>",
    "<td colspan=99999>",
    "</td>",
    "<th>",
    "<caption>",
    "</caption>",
    "<br>",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<a href=https://x.yz>",
    "</a>",
    "<h2>",
    "<div>",
    "</div>",
    "<blockquote>",
    "</blockquote>",
    "<ul>",
    "</ul>",
    "<ol>",
    "<ol start=7>",
    "</ol>",
    "<li>",
    "</li>",
    "<p style=mso-list:l0>",
    "<span style=mso-list:Ignore>",
    "</span>",
    "<span style=font-weight:700>",
    "word word",
]


@given(st.text() | st.lists(st.sampled_from(TAGS)).map("".join))
def test_any_html_is_read_as_passages_that_can_be_written(html: str) -> None:
    read = pasted_html.passages_of_html(html)
    assert len(markup.read(markup.write(read))) >= bool(read)


@pytest.mark.parametrize(
    "html", ["<table>" + "<tr><td colspan=1000>x" * 300, "<table><tr>" + "<td>" * 30_000]
)
def test_more_cells_than_anybody_reads_are_refused(html: str) -> None:
    with pytest.raises(pasted_table.TooLarge):
        pasted_html.passages_of_html(html)


def test_lines_with_tabs_are_a_table() -> None:
    typed = "Before\n城市\t降水\r\n本地\t12\n\t3\nAfter"
    assert markup.read(typed) == (
        Paragraph("Before", 0),
        Table("", 0, (("城市", "降水"), ("本地", "12"), ("", "3")), header=False),
        Paragraph("After", 0),
    )


def test_a_cell_of_several_lines_stands_in_excels_quotes() -> None:
    typed = 'A\t"one\ntwo ""2""\nthree"\nB\tb "quoted"'
    assert markup.read(typed) == (
        Table("", 0, (("A", 'one\ntwo "2"\nthree'), ("B", 'b "quoted"')), header=False),
    )


def test_quotes_that_are_none_of_excels_are_words() -> None:
    assert markup.read('"Yes" he said\t1\n"No\t2') == (
        Table("", 0, (('"Yes" he said', "1"), ('"No', "2")), header=False),
    )


def test_tabs_that_indent_and_those_behind_marks_make_no_table() -> None:
    assert markup.read("\tFirst.\n\tSecond.") == (Paragraph("First.", 0), Paragraph("Second.", 0))
    assert markup.read("One\tline.") == (Paragraph("One\tline.", 0),)
    assert markup.read("1.\tA hat\n2.\tBoots") == (Listing(0, ("1.\tA hat", "2.\tBoots")),)
    assert markup.read("•\tA hat\n•\tBoots") == (Listing(0, ("A hat", "Boots")),)
    assert markup.read("\t- A hat") == (Listing(0, ("A hat",)),)


@pytest.mark.parametrize("typed", ['\n"' * 10_000 + "\t", '\t"\n' * 10_000, "a\tb\n" * 5_000])
def test_what_is_hostile_is_pasted_in_good_time(typed: str) -> None:
    before = time.process_time()
    markup.read(typed)
    assert time.process_time() - before < 5


@pytest.mark.django_db
def test_the_editors_script_is_answered_in_the_markup(editor: Client, draft: Issue) -> None:
    address = f"/admin/issues/issue/{draft.pk}/pasted/"
    answer = editor.post(address, {"html": EXCEL})
    assert answer.json()["text"].splitlines()[0] == "| City |  | Rain |"
    assert answer.json()["within_a_line"] is False
    word = editor.post(address, {"html": "<b>rain</b>"}).json()
    assert word == {"text": "**rain**", "within_a_line": True}
    too_much = editor.post(address, {"html": "<table><tr>" + "<td>" * 30_000})
    assert (too_much.status_code, "too much" in too_much.json()["error"]) == (400, True)
    assert editor.get(address).status_code == 405
    assert Client().post(address, {"html": EXCEL}).status_code == 302
