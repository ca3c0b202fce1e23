"""The phrase of a keyword alert is found whatever its case, width and line breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.keyword_match import key_of, stands_in


def found(phrase: str, text: str) -> bool:
    return stands_in(key_of(phrase), key_of(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("heat pump", "A Heat\nPump in a stone house"),
        ("ＡＩ芯片", "国产 AI 芯片投产"),
        ("AI", "AI技术"),
        ("氢能", "发展氢能产业"),
        ("C++", "Written in c++, of course"),
        ("Straße", "STRASSE"),
        ("2026年", "到2026 年"),
    ],
)
def test_case_width_and_white_space_make_no_difference(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"), [("art", "start"), ("AI", "said"), ("pump", "pumps"), ("氢能", "氢的能量")]
)
def test_a_part_of_a_word_is_another_word(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@given(text=st.text(min_size=1))
def test_a_key_is_its_own_key_and_every_text_stands_in_itself(text: str) -> None:
    key = key_of(text)
    assert key_of(key) == key
    assert stands_in(key, key)


@given(word=st.text(alphabet="一二三四abc. +", min_size=1), before=st.text(), after=st.text())
def test_between_blanks_every_phrase_is_found(word: str, before: str, after: str) -> None:
    assert found(word, f"{before} , {word} , {after}")
