"""Characters are read as the eye sees them, and spaces between scripts one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading.content.even_spacing import evenly_spaced
from pdf_reading.glyphs.false_maps import with_ideographs
from pdf_reading.glyphs.normalisation import normalised
from pdf_reading.glyphs.page import Font, Glyph
from pdf_reading.issue_text import ArticleText, IssueText, Link, Paragraph, SectionText
from pdf_reading.limits import Limits
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import FONT, HEAD, TEXT, plain, stream
from tests.pdf_reading.typed import typed


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        *(("㆗", "中"), ("㆟", "人"), ("㈻", "学"), ("㈶", "財"), ("㊥", "中"), ("㊫", "学")),
        *(("㈰", "日"), ("㊐", "日"), ("⻑", "長"), ("\U0002f800", "丽"), ("⼀", "一")),
        *(("㈠", "㈠"), ("㊣", "㊣"), ("㈱", "㈱"), ("①", "①"), ("％", "％")),
    ],
)
def test_look_alikes_become_what_the_eye_sees_and_signs_stay(printed: str, seen: str) -> None:
    assert normalised(printed) == seen


def spaced(text: str, *links: Link) -> Paragraph:
    article = ArticleText("标题", passages=(Paragraph(text, 1, links),))
    issue = IssueText("", "", "", "", 1, (SectionText("", articles=(article,)),))
    passage = evenly_spaced(issue).sections[0].articles[0].passages[0]
    assert isinstance(passage, Paragraph)
    return passage


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("2022年 1月得了 77 分", "2022年1月得了77分"),
        ("用 Python 语言写成", "用Python语言写成"),
        ("增长 3.5% 左右", "增长3.5%左右"),
        ("1.1 商户恢复情况", "1.1 商户恢复情况"),
        ("张三 13800001111 李四 13900002222", "张三 13800001111 李四 13900002222"),
        ("新华社 2026-09-15 电", "新华社 2026-09-15 电"),
        ("No Chinese here", "No Chinese here"),
    ],
)
def test_spaces_between_chinese_and_latin_are_none(text: str, even: str) -> None:
    assert spaced(text).text == even


def test_links_stay_at_their_words_where_spaces_go() -> None:
    passage = spaced("见 2022年 1月 报告", Link(0, 2, 10, "https://example.org/r"))
    assert passage.text == "见2022年1月 报告"
    [link] = passage.links
    assert passage.text[link.start : link.stop] == "2022年1月"


def test_an_issue_is_read_with_even_spaces(tmp_path: Path) -> None:
    text = "　　沿湖三县的 116 座供水站在 2026年 9月完成了计量改造，新水表每 15 分钟上传一次流量。"
    pdf = typed(f"湖区科技动态\n2026年第45期\n\n*新水表\n{text}\n{text}", tmp_path / "issue.pdf")
    passage = read(pdf, limits=Limits()).sections[0].articles[0].passages[0]
    assert isinstance(passage, Paragraph)
    assert passage.text.startswith("沿湖三县的116座供水站在2026年9月完成了")


def with_code(code: bytes, text: bytes, pdf: Path, *, glyph: bytes = b"\1") -> Path:
    """An issue whose font says that its character 1, or another `glyph`, is `code`."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> "
        b"endcodespacerange\n1 beginbfrange <20> <7E> <0020> endbfrange\n"
        b"1 beginbfchar <%02x> <%b> endbfchar\nendcmap end" % (ord(glyph), code)
    )
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R>>")
    pdf.write_bytes(plain(content=stream(HEAD + text), font=font, more=(stream(cmap),)))
    return pdf


def test_a_glyph_that_is_two_spaces_is_one(tmp_path: Path) -> None:
    pdf = with_code(b"002000A0", TEXT.replace(b" of an", b"\001of\001an"), tmp_path / "issue.pdf")
    [passage] = read(pdf, limits=Limits()).sections[0].articles[0].passages
    assert isinstance(passage, Paragraph)
    assert passage.text.startswith("Line 0 of an article")


@pytest.mark.parametrize("code", [b"FFFD", b"E123"], ids=["replacement", "private use"])
def test_characters_that_nobody_knows_are_a_warning(code: bytes, tmp_path: Path) -> None:
    pdf = with_code(code, TEXT.replace(b"nothing", b"noth\001ng", 1), tmp_path / "issue.pdf")
    warnings = [(one.code, one.page) for one in read(pdf, limits=Limits()).warnings]
    assert ("unreadable_characters", 1) in warnings


def test_an_issue_whose_characters_are_all_known_has_no_such_warning(tmp_path: Path) -> None:
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(HEAD + TEXT)))
    assert not [one for one in read(pdf, limits=Limits()).warnings if "characters" in one.code]


def test_a_figure_that_is_said_to_be_a_space_is_not_lost_unsaid(tmp_path: Path) -> None:
    text = TEXT.replace(b"nothing", b"so (7 tons)", 1)
    issue = read(with_code(b"0020", text, tmp_path / "issue.pdf", glyph=b"7"), limits=Limits())
    [passage] = issue.sections[0].articles[0].passages
    assert isinstance(passage, Paragraph)
    assert "so (\ufffd tons)" in passage.text
    assert ("unreadable_characters", 1) in [(one.code, one.page) for one in issue.warnings]


def glyphs(text: str) -> list[Glyph]:
    font = Font("Song", bold=False)
    return [
        Glyph(one, 10.0 * n, 0.0, 10.0 * n + 10, 10.0, 9.0, 10.0, font)
        for n, one in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("raw", "printed", "seen"),
    [
        ("本會㈨㈪㆗旬", "本會㈨月中旬", "本會九月中旬"),
        ("這個㈻校", "這個学校", "這個學校"),
        ("本会㈤㆟", "本会㈤人", "本会五人"),
        ("㈤总结会议", "㈤总结会议", "㈤总结会议"),
    ],
)
def test_signs_are_ideographs_beside_others_that_nobody_prints(
    raw: str, printed: str, seen: str
) -> None:
    page = with_ideographs(glyphs(printed), {ord(one) for one in raw})
    assert "".join(glyph.text for glyph in page) == seen
