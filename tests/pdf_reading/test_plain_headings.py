"""Headings in the type of the text are known by what stands around them, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.pipeline import read
from tests.pdf_reading.typed import typed

FRONT = """湖区科技动态
2026年第45期
河谷科学传播中心　2026年12月12日

"""
ONE = (
    "沿湖三县的一百一十六座农村供水站今夏完成了计量改造，新水表每十五分钟上传一次流量。"
    "夜间最小流量连续三天高于设定值时，系统会自动提醒管护员查漏。"
)
TWO = (
    "改造前，这些供水站的平均漏损率为百分之二十七，有的站高达四成，原因大多是埋在田埂下面的接头松动，"
    "水渗进泥里，地面上看不出来，要到秋天才会被人发现。"
)
TEXT = f"　　{ONE}\n　　{TWO}"


def titles(folder: Path, *lines: str) -> dict[str, list[str]]:
    """The headlines of an issue by its sections."""
    pdf = typed(FRONT + "\n".join(lines), folder / "typed.pdf")
    sections = read(pdf, limits=Limits()).sections
    return {part.title: [article.title for article in part.articles] for part in sections}


def test_numbers_tell_sections_and_headlines_where_type_does_not(tmp_path: Path) -> None:
    first = ("一、行业资讯", "（一）新型膜材料让苦咸水变甜", TEXT, "（二）供水站换上新水表", TEXT)
    second = ("二、人才与教育", "（一）科学站走遍三十六岛", TEXT, "（二）学校签约", TEXT)
    assert titles(tmp_path, *first, *second) == {
        "一、行业资讯": ["（一）新型膜材料让苦咸水变甜", "（二）供水站换上新水表"],
        "二、人才与教育": ["（一）科学站走遍三十六岛", "（二）学校签约"],
    }


@pytest.mark.parametrize("number", ["{}、", ""])
def test_what_heads_sections_may_stand_at_the_right(number: str, tmp_path: Path) -> None:
    first, second = number.format("一") + "行业资讯", number.format("二") + "人才与教育"
    part = ("", "供水站换上新水表", TEXT, "农业大学签约", TEXT, "")
    found = titles(tmp_path, f">{first}", *part, f">{second}", *part)
    assert found == {name: ["供水站换上新水表", "农业大学签约"] for name in (first, second)}


def test_numbers_tell_headings_where_no_paragraph_is_indented(tmp_path: Path) -> None:
    heads = ["一、供水站换上新水表", "二、农业大学签约", "三、科学站走遍三十六岛"]
    parts = ((head, "", ONE, "", TWO, "") for head in heads)
    assert titles(tmp_path, *(line for part in parts for line in part)) == {"": heads}


def test_a_headline_lacks_the_indent_that_paragraphs_have(tmp_path: Path) -> None:
    heads = ["供水站换上新水表", "农业大学签约", "科学站走遍三十六岛"]
    parts = ((head, TEXT, "【来源：新华网】") for head in heads)
    assert titles(tmp_path, *(line for part in parts for line in part)) == {"": heads}


def test_of_two_headings_at_once_the_upper_one_heads_a_section(tmp_path: Path) -> None:
    first = ("人才与教育", "", "旧渡口改成水文小馆", TEXT, "")
    second = ("科研进展", "", "湖区发布数据共享办法", "+明确“谁产生、谁说明、谁受益”", TEXT)
    assert titles(tmp_path, *first, *second) == {
        "人才与教育": ["旧渡口改成水文小馆"],
        "科研进展": ["湖区发布数据共享办法明确“谁产生、谁说明、谁受益”"],
    }


def test_the_contents_tell_a_headline_that_fills_its_line(tmp_path: Path) -> None:
    full = "湖区三十六座岛屿之间的科学考察船今年夏天一共走了多少千米又见到多少人"
    heads = [full, "农业大学签约"]
    assert titles(tmp_path, "目录", *heads, "=", full, ONE, heads[1], TWO) == {"": heads}


def test_a_first_sentence_that_names_a_day_is_no_masthead(tmp_path: Path) -> None:
    heads = ["供水站换上新水表", "农业大学签约"]
    opening = f"　　自2026年10月1日起，{ONE}"
    assert titles(tmp_path, heads[0], opening, "", heads[1], TEXT) == {"": heads}


def test_a_subtitle_is_no_headline_below_a_masthead(tmp_path: Path) -> None:
    first = ("供水站换上新水表", "*——湖区每年少抽地下水五千六百立方米的经过", TEXT)
    assert titles(tmp_path, *first, "", "农业大学签约", TEXT) == {
        "": ["供水站换上新水表", "农业大学签约"]
    }


def test_a_headline_at_the_edge_is_not_the_section_in_the_middle(tmp_path: Path) -> None:
    first = ("=", "|*科研进展", "*旧渡口改成水文小馆", TEXT, "", "*学校签约", TEXT, "")
    second = ("|*人才与教育", "*科学站走遍三十六岛", TEXT)
    assert titles(tmp_path, *first, *second) == {
        "科研进展": ["旧渡口改成水文小馆", "学校签约"],
        "人才与教育": ["科学站走遍三十六岛"],
    }


def test_colour_tells_headlines_where_no_paragraph_is_indented(tmp_path: Path) -> None:
    heads = ["供水站换上新水表", "农业大学签约", "科学站走遍三十六岛"]
    parts = ((f"~{head}", ONE, "", TWO, "") for head in heads)
    assert titles(tmp_path, *(line for part in parts for line in part)) == {"": heads}


def test_two_colours_are_two_headings(tmp_path: Path) -> None:
    first = ("*科研进展", "~*旧渡口改成水文小馆", TEXT, "", "~*学校签约", TEXT, "")
    second = ("*人才与教育", "~*科学站走遍三十六岛", TEXT)
    assert titles(tmp_path, "=", *first, *second) == {
        "科研进展": ["旧渡口改成水文小馆", "学校签约"],
        "人才与教育": ["科学站走遍三十六岛"],
    }


@pytest.mark.parametrize("line", ["欢迎读者来信。", "链接：https://lake.example.cn/a1"])
def test_a_sentence_or_a_link_in_colour_is_no_headline(line: str, tmp_path: Path) -> None:
    heads = ["一、供水站换上新水表", "二、农业大学签约", "三、科学站走遍三十六岛"]
    parts = ((head, "", ONE, "", f"~{line}", "", TWO, "") for head in heads)
    assert titles(tmp_path, *(line for part in parts for line in part)) == {"": heads}


def test_a_headline_that_type_does_not_tell_is_less_sure_and_says_so(tmp_path: Path) -> None:
    heads = ["供水站换上新水表", "农业大学签约", "科学站走遍三十六岛"]
    found = {}
    for mark in ("", "*"):
        text = FRONT + "".join(f"{mark}{head}\n{TEXT}\n" for head in heads)
        issue = read(typed(text, tmp_path / "typed.pdf"), limits=Limits())
        found[mark] = issue.sections[0].articles
    for plain, larger in zip(found[""], found["*"], strict=True):
        assert plain.confidence < larger.confidence
        assert "set as the text is" in plain.reasons


NOT_HEADLINES = {
    "entries_of_a_numbered_list": ["1.带雨靴", "2.带铅笔", "3.带望远镜"],
    "entries_that_count_in_chinese": ["一、带雨靴", "二、带铅笔", "三、带望远镜"],
    "numbered_sentences": ["一、每周巡查一次，不少于两人。", "二、巡查以后填写记录，当日上传。"],
    "numbers_that_do_not_count": ["（三）带雨靴", TEXT, "（七）带铅笔"],
    "lines_of_a_poem": ["湖水清清", "渔歌声声", "稻花开了", "雁子来了"],
    "an_entry_that_hangs": [f"1.{ONE[:32]}", "　　并在当月登记造册"],
    "a_salutation": ["各位读者："],
    "who_signs": [">湖区水务局办公室", ">2026年12月12日"],
    "who_signs_above_a_space": ["", ">湖区水务局办公室", ""],
    "a_caption": ["图1 供水站的分布"],
    "an_address": ["联系电话：010-00000000"],
}


@pytest.mark.parametrize("lines", NOT_HEADLINES.values(), ids=NOT_HEADLINES)
def test_no_headlines_are(lines: list[str], tmp_path: Path) -> None:
    heads = ["供水站换上新水表", "农业大学签约", "科学站走遍三十六岛"]
    first, second, third = ((head, TEXT, *lines) for head in heads)
    assert titles(tmp_path, *first, TEXT, "", *second, "", *third, TEXT) == {"": heads}
