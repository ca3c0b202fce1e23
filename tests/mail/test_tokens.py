"""Tokens and seals: what was made here comes back, and nothing else does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from bulletin_site.mail import encoding
from bulletin_site.sealing import Seal
from bulletin_site.tokens import BadToken, Stamp

numbers = st.integers(0, 2**56 - 1)
seconds = st.integers(0, 2**32 - 1)


@given(number=numbers, at=seconds)
def test_a_token_is_36_letters_and_gives_its_number_and_second_back(number: int, at: int) -> None:
    token = Stamp("reader").token(number, at=at)
    assert re.fullmatch(rb"[A-Za-z0-9_-]{36}", token)
    assert Stamp("reader").read(token.decode()) == (number, at)


@given(number=numbers)
def test_a_token_is_base64_of_its_own_between_other_blocks(number: int) -> None:
    token = Stamp("reader").token(number, at=0)
    blocks = [encoding.indented('href="https://x/leave/'), encoding.line(token)]
    assert encoding.decoded([*blocks, encoding.block('/">')]).strip() == (
        f'href="https://x/leave/{token.decode()}/">'
    )


@given(number=numbers, place=st.integers(0, 35), letter=st.characters())
def test_a_token_that_was_changed_is_none(number: int, place: int, letter: str) -> None:
    token = Stamp("reader").token(number, at=1).decode()
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(BadToken):
        Stamp("reader").read(changed)


@given(text=st.text(max_size=40))
def test_any_text_can_be_read_and_is_no_token(text: str) -> None:
    with pytest.raises(BadToken):
        Stamp("reader").read(text)


def test_a_token_for_one_use_is_none_for_another() -> None:
    token = Stamp("reader").token(7, at=1).decode()
    with pytest.raises(BadToken):
        Stamp("edition").read(token)


def test_seals_differ_by_use_by_key_and_by_what_is_sealed(settings: Settings) -> None:
    seals = {
        Seal("reader", size=16).of(b"d1"),
        Seal("reader", size=16).of(b"d2"),
        Seal("return path", size=16).of(b"d1"),
    }
    settings.SECRET_KEY = "another"
    seals.add(Seal("reader", size=16).of(b"d1"))
    assert len(seals) == 4
    assert all(len(each) == 16 for each in seals)
