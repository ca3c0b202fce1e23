"""Phrases are found by words: in Chinese and in English, and nowhere inside of other words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.keywords.query import phrase_of, split
from subscribers.keywords.texts import SearchedTexts


def found(phrase: str, text: str) -> list[str]:
    """What is found, in the letters of the text."""
    composed = unicodedata.normalize("NFC", text)
    spans = SearchedTexts([text]).spans(phrase_of(phrase)).get(0, [])
    return [composed[start:stop] for start, stop in spans]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("机器人", "工业机器人产业", "机器人"),
        ("機器人", "机器人比赛", "机器人"),
        ("机器人", "機器人比賽", "機器人"),
        ("人机共融", "机器人与人机\n共融技术", "人机\n共融"),
        ("知识 产权", "保护知识产权", "知识产权"),
        ("北京", "北京大学", "北京"),
        ("中国", "中国科学院院士", "中国"),
        ("科学院", "中国科学院院士", "科学院"),
        ("打工人", "机器人缺打工人", "打工人"),
        ("湖区", "在湖区发布", "湖区"),
        ("氢", "制氢项目", "氢"),
        ("氢", "氢能产业", "氢"),
        ("茶", "春茶上市", "茶"),
        ("人工智能 教育", "人工智能教育", "人工智能教育"),
        ("5G基站", "5G 基站建设", "5G 基站"),
        ("ＡＩ芯片", "国产 AI 芯片投产", "AI 芯片"),
        ("Robot", "Robot到", "Robot"),
        ("２０２２", "2022年", "2022"),
        ("2026年", "到2026 年", "2026 年"),
        ("heat pump", "Heat\nPumps in stone houses", "Heat\nPumps"),
        ("heat pumps", "a heat pump", "heat pump"),
        ("HEAT PUMP", "heat pumps", "heat pumps"),
        ("coal fired", "coal-fired power", "coal-fired"),
        ("coal-fired", "coal fired", "coal fired"),
        ("pumped storage", "a pumped-storage plant", "pumped-storage"),
        ("heatpump", "all heat pumps", "heat pumps"),
        ("micro-led", "MicroLED 显示屏", "MicroLED"),
        ("MicroLED", "Micro LED 显示屏", "Micro LED"),
        ("e-mail", "Email and letters", "Email"),
        ("email", "old e-mails", "e-mails"),
        ("library's", "the library’s roof", "library’s"),
        ("library", "the libraries", "libraries"),
        ("don't", "don’t", "don’t"),
        ("cobots", "一款Cobot产品", "Cobot"),
        ("robotics", "Robotics", "Robotics"),
        ("AI", "VR and AI, they said", "AI"),
        ("ＡＩ", "AI技术", "AI"),
        ("AR", "VR/AR眼镜", "AR"),
        ("LED", "many LEDs", "LEDs"),
        ("IT", "an IT system", "IT"),
        ("AI chip", "AI chips", "AI chips"),
        ("C++", "Written in c++, of course", "c++"),
        ("AT&T", "so AT&T said", "AT&T"),
        ("Straße", "STRASSE", "STRASSE"),
        ("café", "Cafe\u0301", "Café"),
        ('"人机"', "无人机", "人机"),
        ("“heat pump”", "a heat pump", "heat pump"),
        ("机器人 -比赛", "机器人产业", "机器人"),
        ("robot -vacuum", "robots at work", "robots"),
    ],
)
def test_it_is_found(phrase: str, text: str, words: str) -> None:
    assert found(phrase, text) == [words]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("中国", "其中国家级高新区"),
        ("人机", "无人机产业"),
        ("科学", "中国科学院院士"),
        ("经济", "经济学"),
        ("国人", "中国人民"),
        ("氢能", "氢的能量"),
        ("水平线", "水平"),
        ("AI", "said"),
        ("AI", "Ai Weiwei"),
        ("AR", "ARM Core"),
        ("IT", "it is late"),
        ("art", "start"),
        ("heat pump", "heat. Pump it"),
        ("heat pump", "pump heat"),
        ("“heat pump”", "heat pumps"),
        ("机器人 -比赛", "机器人比赛"),
        ("robot -vacuum", "robot vacuums"),
        ("-比赛", "机器人"),
        ("…", "…"),
        ("", "anything"),
    ],
)
def test_it_is_not_found(phrase: str, text: str) -> None:
    assert found(phrase, text) == []


def test_several_terms_have_to_stand_there_together() -> None:
    assert found('pump "stone house"', "pumps in a stone house") == ["pumps", "stone house"]
    assert found('pump "stone house"', "pumps in stone houses") == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("AI, robotics, heat pumps", ["AI", "robotics", "heat pumps"]),
        ("AI；机器人、氢能\n茶。煤", ["AI", "机器人", "氢能", "茶", "煤"]),
        ("“heat, then light”; x", ['"heat, then light"', "x"]),
        (" , ;\n", []),
    ],
)
def test_commas_and_semicolons_part_them_but_not_in_quotation_marks(
    typed: str, wanted: list[str]
) -> None:
    assert split(typed) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("heat pump", "Heat  Pumps"),
        ("機器人", "机器人"),
        ("知识 产权", "知识产权"),
        ("library’s", "library's"),
        ("robot -vacuum", "robots -vacuums"),
    ],
)
def test_those_that_find_the_same_are_one(one: str, other: str) -> None:
    assert phrase_of(one).key == phrase_of(other).key


def test_capitals_and_quotation_marks_make_another_phrase() -> None:
    assert len({phrase_of(typed).key for typed in ("it", "IT", '"it"', "it -x")}) == 4


def test_a_phrase_stands_in_one_text_and_what_is_left_out_counts_text_by_text() -> None:
    texts = SearchedTexts(["a heat", "pump", "heat pumps", "heat pumps, no vacuum", "机器", "人"])
    assert texts.spans(phrase_of("heat pump")) == {2: [(0, 10)], 3: [(0, 10)]}
    assert texts.spans(phrase_of("heat pump -vacuum")) == {2: [(0, 10)]}
    assert texts.spans(phrase_of("机器人")) == {}


@given(
    phrase=st.text(alphabet="中国机器人 heatpumpsAIT-\"'’", max_size=12),
    text=st.text(alphabet="中国机器人 heatpumpsAIT-\"'’。.\n", max_size=60),
)
def test_what_is_found_stands_in_the_text_in_order(phrase: str, text: str) -> None:
    several = SearchedTexts([text, "", text]).spans(phrase_of(phrase))
    spans = several.get(0, [])
    assert several == ({0: spans, 2: spans} if spans else {})
    assert spans == sorted(set(spans))
    composed = unicodedata.normalize("NFC", text)
    assert all(0 <= start < stop <= len(composed) for start, stop in spans)


@given(
    phrase=st.sampled_from(["机器人", "heat pump", "AI", "中国科学院"]),
    before=st.text(),
    after=st.text(),
)
def test_between_full_stops_it_is_found_whatever_stands_around(
    phrase: str, before: str, after: str
) -> None:
    assert phrase in found(phrase, f"{before} 。 {phrase} 。 {after}")
