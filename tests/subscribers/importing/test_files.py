"""Lists as offices have them are read; what is no list is refused with a reason."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from subscribers.importing import guessing, tables
from subscribers.importing.judging import judge
from subscribers.importing.values import (
    FileFailure,
    Layout,
    Names,
    RowProblem,
    RowReading,
    UnreadableFile,
)
from tests.support.lists import xlsx

NAMES = Names({"法律": 1, "law": 1, "市场": 2, "markets": 2, "law,economics": 3})


def read(path: Path, content: bytes | str) -> tuple[Layout, list[RowReading]]:
    """Where the list stands, and what its rows are worth."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sheet = max(
        tables.sheets(path),
        key=lambda name: guessing.count_addresses(tables.first_rows(path, name, count=200)),
    )
    layout = guessing.guess(tables.first_rows(path, sheet, count=200), NAMES, sheet=sheet)
    assert layout is not None
    rows = list(tables.rows(path, sheet))[layout.first_row - 1 :]
    return layout, [judge(row, layout, NAMES) for row in rows]


def entries(path: Path, content: bytes | str) -> list[tuple[str, ...]]:
    """Address, name, unit, language and topics of all who can be read."""
    _layout, rows = read(path, content)
    return [
        (each.address.text, each.name, each.unit, each.language, *map(str, each.topics))
        for row in rows
        for each in row.wanted
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


CHINESE = "姓名{0}邮箱{0}语言{0}主题\n张三{0}zs@office.example{0}中文{0}法律\n"
EXPECTED = [("zs@office.example", "张三", "", "zh-hans", "1")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_read_in_each_encoding_and_with_each_separator(
    encoding: str, separator: str, path: Path
) -> None:
    assert entries(path, CHINESE.format(separator).encode(encoding)) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(encoding: str, path: Path) -> None:
    assert entries(path, CHINESE.format(",").encode(encoding)) == EXPECTED


def test_a_long_list_in_gbk_whose_first_name_stands_late_is_read(path: Path) -> None:
    lines = [f"reader{n},r{n}@office.example\n" for n in range(20_000)]
    content = "name,email\n" + "".join(lines) + "张三,zs@office.example\n"
    assert entries(path, content.encode("gbk"))[-1][1] == "张三"


def test_western_letters_are_no_chinese(path: Path) -> None:
    content = "Name,E-mail\nJürgen Müller,jm@office.example\nJosé,jose@office.example\n"
    assert [each[1] for each in entries(path, content.encode("cp1252"))] == [
        "Jürgen Müller",
        "José",
    ]


def test_a_title_and_merged_heads_stand_above_the_list_and_several_sheets_beside_it(
    path: Path,
) -> None:
    rows: list[list[object]] = [
        ["2026 年读者名单（联系人 office@office.example）"],
        ["序号", "姓名", "单位", "联系方式", None, "订阅主题"],
        [None, None, None, "电话", "邮箱（必填）", None],
        [1, "张三", "水利局", 13800000000, "zs＠office.example", "法律；市场"],
    ]
    content = xlsx({"说明": [["请看第二页"]], "名单": rows}, merged=["A1:F1", "D2:E2", "A2:A3"])
    layout, readings = read(path, content)
    assert layout.sheet == "名单"
    assert layout.first_row == 4
    assert layout.heads[4] == "联系方式 / 邮箱（必填）"
    (each,) = readings[0].wanted
    assert (each.address.text, each.name, each.unit) == ("zs@office.example", "张三", "水利局")
    assert each.topics == (1, 2)


def test_full_width_letters_and_several_addresses_in_a_cell_are_read(path: Path) -> None:
    cell = "ａｎｎ＠ｏｆｆｉｃｅ．ｅｘａｍｐｌｅ；bob@office.example、Cat <cat@office.example>"
    found = entries(
        path, f"邮箱\t姓名\n{cell}\t张三\ndan@office.example eve@office.example\t李四\n"
    )
    assert [each[0] for each in found] == [
        f"{name}@office.example" for name in ("cat", "ann", "bob", "dan", "eve")
    ]


def test_recipients_copied_from_a_mail_program_are_read_with_commas_in_their_names(
    path: Path,
) -> None:
    copied = '"Lee, Dr. Ann" <ann@office.example>, Bob <bob@office.example>, "Ma, Cat" <cat@{0}>\n'
    found = entries(path, copied.format("office.example"))
    assert [each[:2] for each in found] == [
        ("ann@office.example", "Lee, Dr. Ann"),
        ("bob@office.example", "Bob"),
        ("cat@office.example", "Ma, Cat"),
    ]
    in_one_cell = "ann@office.example, Bob <bob@office.example>，C @ Work <cat@office.example>"
    found = entries(path, f"Email\n{in_one_cell.replace(',', '，')}\n")
    assert sorted(each[:2] for each in found) == [
        ("ann@office.example", ""),
        ("bob@office.example", "Bob"),
        ("cat@office.example", "C @ Work"),
    ]


def test_a_list_without_heads_begins_with_its_first_row(path: Path) -> None:
    assert len(entries(path, "张三,zs@office.example\n李四,ls@office.example\n")) == 2


def test_columns_without_heads_are_known_by_what_stands_in_them(path: Path) -> None:
    content = (
        "1,张三,zs@office.example,水利局,中文,法律\n"
        "2,王小五,ws@office.example,财政厅,英文,法律 市场\n"
    )
    layout, _rows = read(path, content)
    assert layout.columns == ("", "name", "address", "unit", "language", "topics")
    assert entries(path, content) == [
        ("zs@office.example", "张三", "水利局", "zh-hans", "1"),
        ("ws@office.example", "王小五", "财政厅", "en", "1", "2"),
    ]
    assert read(path, "hello,zs@office.example,2026\n")[0].columns == ("", "address", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "中文 简体 中文（简体） 简体中文 中文版 zh CN zh_CN Chinese"),
        ("en", "英文 英语 英文版 English EN en-US English(US)"),
    ],
)
def test_languages_are_known_by_the_words_of_offices(language: str, words: str, path: Path) -> None:
    cells = words.split()
    rows = "".join(f"r{n}@office.example,{cell}\n" for n, cell in enumerate(cells))
    assert [each[3] for each in entries(path, f"邮箱,语言\n{rows}")] == [language] * len(cells)


def test_every_cell_may_stand_in_quotation_marks(path: Path) -> None:
    for separator in ("\t", ";", ","):
        content = separator.join(['"姓名"', '"邮箱"']) + "\r\n"
        content += separator.join(['"张三"', '"zs@office.example"']) + "\r\n"
        assert entries(path, content) == [("zs@office.example", "张三", "", "")]


def test_nobody_is_lost_below_a_quotation_mark_that_is_not_closed(path: Path) -> None:
    rows = 'email,name\na@office.example,"A\nb@office.example,"B, Dr."\nc@office.example,C\n'
    assert [entry[:2] for entry in entries(path, rows)] == [
        ("a@office.example", "A"),
        ("b@office.example", "B, Dr."),
        ("c@office.example", "C"),
    ]
    assert [entry[1] for entry in entries(path, 'email,name\na@office.example,"A\nB"\n')] == ["A B"]


def test_a_first_row_that_cannot_be_read_is_no_head(path: Path) -> None:
    layout, rows = read(path, "姓名,邮箱\n张三,zs.office.example\n李四,ls@office.example\n")
    assert layout.first_row == 2
    assert [bad.problem for row in rows for bad in row.bad] == [RowProblem.NOT_AN_ADDRESS]


def test_family_and_given_names_are_one_name(path: Path) -> None:
    content = "First name,Last name,Email\nAnn,Lee,ann@office.example\n"
    assert entries(path, content)[0][1] == "Ann Lee"
    assert entries(path, "姓,名,邮箱\n张,三,zs@office.example\n")[0][1] == "张三"
    assert entries(path, "名,姓,邮箱\n三,张,zs@office.example\n")[0][1] == "张三"


def test_a_topic_may_have_a_column_of_its_own_or_a_comma(path: Path) -> None:
    content = "Email,Law,Markets\nann@office.example,yes,\nbob@office.example,0,√\n"
    assert [each[4:] for each in entries(path, content)] == [("1",), ("2",)]
    content = 'Email,Topics\nann@office.example,"Law, Economics"\nbob@office.example,all\n'
    assert [each[4:] for each in entries(path, content)] == [("3",), ("1", "2", "3")]


@pytest.mark.parametrize(
    ("row", "problem", "words"),
    [
        ("nobody,,,", RowProblem.NO_ADDRESS, ""),
        ("x,no address,,", RowProblem.NOT_AN_ADDRESS, "no address"),
        ("x,张三@office.example,,", RowProblem.NOT_SUPPORTED, "张三@office.example"),
        ("x,a@office.example,Klingon,", RowProblem.UNKNOWN_LANGUAGE, "Klingon"),
        ("x,a@office.example,,Sports", RowProblem.UNKNOWN_TOPIC, "Sports"),
        (f"{'x' * 121},a@office.example,,", RowProblem.TOO_LONG, "x" * 121),
        ("x,a\x00nn@office.example,,", RowProblem.NOT_AN_ADDRESS, "a\ufffdnn@office.example"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(
    row: str, problem: RowProblem, words: str, path: Path
) -> None:
    _layout, rows = read(path, f"Name,Email,Language,Topics\nok,ok@office.example,en,law\n{row}\n")
    assert [(bad.problem, bad.words) for each in rows for bad in each.bad] == [(problem, words)]


def test_one_bad_address_of_two_keeps_nobody_else_out(path: Path) -> None:
    _layout, rows = read(path, "Email\nann@office.example; bob@\nx@office.example\n")
    assert [len(row.wanted) for row in rows] == [1, 1]
    assert [bad.words for row in rows for bad in row.bad] == ["bob@"]


def test_formulas_are_read_as_what_they_show(path: Path) -> None:
    content = 'Name,Email\n"=cmd|\' /C calc\'!A0","=""ann@office.example"""\n'
    assert entries(path, content)[0][:2] == ("ann@office.example", "=cmd|' /C calc'!A0")


def a_zip(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def a_bomb() -> bytes:
    book = Workbook()
    book.active.append(["a@office.example"])  # type: ignore[union-attr]
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b" " * (300 << 20))
    return made.getvalue()


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST = '<row r="1"><c r="A1" t="inlineStr"><is><t>a@office.example</t></is></c></row>'


def a_workbook(rows: str, *, words: str = "", before: str = "", after: str = "") -> bytes:
    """A workbook whose sheet has these rows, as XML; `words` are what its cells share."""
    sheet = f'{before}<worksheet xmlns="{SPREADSHEET}"><sheetData>{FIRST}{rows}</sheetData>{after}'
    related = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in (("worksheet", "sheet.xml"), ("sharedStrings", "/xl/words.xml"))
    )
    return a_zip(
        **{
            "xl/workbook.xml": f'''<x:workbook xmlns:x="{SPREADSHEET}" xmlns:r="{OFFICE}">
                <x:sheets><x:sheet name="S" r:id="worksheet"/></x:sheets></x:workbook>'''.encode(),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>".encode(),
            "xl/sheet.xml": f"{sheet}</worksheet>".encode(),
            "xl/words.xml": f'<sst xmlns="{SPREADSHEET}">{words}</sst>'.encode(),
        }
    )


SECOND = '<row r="2"><c r="A2" t="inlineStr"><is><t>{}</t></is></c></row>'
BOMBS: dict[str, tuple[Callable[[], bytes], FileFailure]] = {
    "a huge cell": (lambda: a_workbook(SECOND.format("xy" * (4 << 20))), FileFailure.LONG_CELL),
    "huge words": (
        lambda: a_workbook(
            '<row><c t="s"><v>0</v></c></row>', words=f"<si><t>{'xy' * (4 << 20)}</t></si>"
        ),
        FileFailure.LONG_CELL,
    ),
    "words that are not there": (
        lambda: a_workbook('<row><c t="s"><v>900000</v></c></row>', words="<si><t>x</t></si>" * 9),
        FileFailure.DAMAGED,
    ),
    "a row of a million cells": (
        lambda: a_workbook(f"<row>{'<c/>' * 200_000}</row>"),
        FileFailure.TOO_MANY_COLUMNS,
    ),
    "cells in one place": (
        lambda: a_workbook(f"""<row>{'<c r="A2"/>' * 300_000}</row>"""),
        FileFailure.TOO_MANY_COLUMNS,
    ),
    "tags that are no cells": (
        lambda: a_workbook(f"<row>{'<x/>' * 300_000}</row>"),
        FileFailure.DAMAGED,
    ),
    "a row far below": (
        lambda: a_workbook(f'<row r="{10**12}"><c><v>1</v></c></row>'),
        FileFailure.TOO_MANY_ROWS,
    ),
    "a column beyond all": (
        lambda: a_workbook('<row><c r="AAAAAAA2"><v>1</v></c></row>'),
        FileFailure.DAMAGED,
    ),
    "tags in tags": (lambda: a_workbook("<r>" * 200_000), FileFailure.DAMAGED),
    "a million kinds of tags": (
        lambda: a_workbook("".join(f"<x{n}/>" for n in range(100_000))),
        FileFailure.DAMAGED,
    ),
    "an endless tag": (
        lambda: a_workbook(f'<row r="{"1" * (8 << 20)}"/>'),
        FileFailure.DAMAGED,
    ),
    "an outer file": (
        lambda: a_workbook(
            SECOND.format("&x;"), before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        FileFailure.DAMAGED,
    ),
    "a DTD": (
        lambda: a_workbook("", before='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
        FileFailure.DAMAGED,
    ),
    "half a sheet": (lambda: a_workbook("<row>"), FileFailure.DAMAGED),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_is_a_bomb_takes_no_memory(name: str, path: Path) -> None:
    make, reason = BOMBS[name]
    path.write_bytes(make())
    tracemalloc.start()
    with pytest.raises(UnreadableFile) as refused:
        for _row in tables.rows(path):
            pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.reason is reason
    assert peak < 8_000_000


def test_very_many_shared_words_take_no_memory(path: Path) -> None:
    words = "".join(f"<si><t>r{n}@office.example</t></si>" for n in range(100_000))
    cell = '<row><c t="s"><v>{}</v></c></row>'.format
    path.write_bytes(a_workbook(cell(99_999) + cell(7), words=words))
    tracemalloc.start()
    rows = list(tables.rows(path))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row[0] for row in rows[1:]] == ["r99999@office.example", "r7@office.example"]
    assert peak < 5_000_000


def test_cells_are_read_as_they_are_seen(path: Path) -> None:
    rows = """
        <row><c t="n"><v>13800000000</v></c><c><v>1.38E10</v></c><c><v>0.5</v></c></row>
        <row r="5"><c r="B5" t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>
        <row><c t="str"><f>1+1</f><v>two</v></c><c><f>NOW()</f></c>
            <c t="s"><v>0</v></c><c t="inlineStr"><is><t>a_x000D_&#10;b_x0000_</t></is></c></row>"""
    words = "<si><r><t>张</t></r><rPh><t>zhang</t></rPh><r><t>三</t></r></si>"
    path.write_bytes(a_workbook(rows, words=words))
    assert list(tables.rows(path))[1:] == [
        ("13800000000", "13800000000", "0.5"),
        (),
        (),
        ("", "TRUE", "FALSE", "#N/A"),
        ("two", "", "张三", "a\r\nb\ufffd"),
    ]


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_a_day_is_read_as_a_day(epoch: datetime, path: Path) -> None:
    book = Workbook()
    book.epoch = epoch
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append([datetime(2026, 3, 5), date(2026, 3, 6), 46_000, True])  # noqa: DTZ001 - a cell's
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(made.getvalue())
    assert list(tables.rows(path)) == [("2026-03-05", "2026-03-06", "46000", "TRUE")]


def a_wide_sheet() -> bytes:
    return xlsx({"wide": [["a@office.example", *range(1999)]]})


REFUSED: dict[str, tuple[Callable[[], bytes], FileFailure]] = {
    "empty": (lambda: b"", FileFailure.EMPTY),
    "blank": (lambda: b"\r\n \t", FileFailure.EMPTY),
    "PDF": (lambda: b"%PDF-1.7", FileFailure.NOT_A_TABLE),
    "HTML": (lambda: b"<html><table>", FileFailure.NOT_A_TABLE),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileFailure.OLD_EXCEL),
    "half a package": (lambda: b"PK\x03\x04 and no more", FileFailure.DAMAGED),
    "Word": (lambda: a_zip(**{"word/document.xml": b"<w/>"}), FileFailure.NOT_A_TABLE),
    "a workbook of nothing": (lambda: a_zip(**{"xl/workbook.xml": b"<a/>"}), FileFailure.DAMAGED),
    "a wide row": (
        lambda: b"a@office.example" + b"," * 2000 + b"x",
        FileFailure.TOO_MANY_COLUMNS,
    ),
    "a quote that is not closed": (
        lambda: b'a@office.example,"' + b"x" * 200_000,
        FileFailure.LONG_CELL,
    ),
    "a wide sheet": (a_wide_sheet, FileFailure.TOO_MANY_COLUMNS),
    "a bomb": (a_bomb, FileFailure.TOO_LARGE_INSIDE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_is_refused_with_a_reason(name: str, path: Path) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(UnreadableFile) as refused:
        read(path, make())
    assert refused.value.reason is reason


def test_a_bomb_takes_no_memory(path: Path) -> None:
    path.write_bytes(a_bomb())
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        tables.sheets(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_cell_in_the_last_corner_of_a_sheet_makes_no_row_of_all_its_columns(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "ann@office.example"
    sheet["XFD1048576"] = "x"
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(made.getvalue())
    with pytest.raises(UnreadableFile) as refused:
        list(tables.rows(path))
    assert refused.value.reason is FileFailure.TOO_MANY_COLUMNS


def test_a_sheet_with_two_thousand_empty_columns_is_read(path: Path) -> None:
    assert entries(path, b"email" + b"," * 2000 + b"\nann@office.example" + b"," * 2000 + b"\n")
