"""Tokens and MACs: what was made here is valid, and nothing else is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from foundation.signing import Mac
from foundation.tokens import BadToken, TokenSigner
from mail.messages import encoding

numbers = st.integers(0, 2**48 - 1)
keys = seconds = st.integers(0, 2**32 - 1)


@given(number=numbers, key=keys, at=seconds)
def test_a_token_is_36_letters_and_gives_back_what_it_was_made_of(
    number: int, key: int, at: int
) -> None:
    token = TokenSigner("reader").token(number, key, at=at)
    assert re.fullmatch(rb"[A-Za-z0-9_-]{36}", token)
    assert TokenSigner("reader").read(token.decode()) == (number, key, at)


@given(number=numbers)
def test_a_token_is_base64_of_its_own_between_other_blocks(number: int) -> None:
    token = TokenSigner("reader").token(number, 7, at=0)
    blocks = [encoding.indented('href="https://x/leave/'), encoding.line(token)]
    assert encoding.decoded([*blocks, encoding.block('/">')]).strip() == (
        f'href="https://x/leave/{token.decode()}/">'
    )


@given(number=numbers, place=st.integers(0, 35), letter=st.characters())
def test_a_token_that_was_changed_is_invalid(number: int, place: int, letter: str) -> None:
    token = TokenSigner("reader").token(number, 7, at=1).decode()
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(BadToken):
        TokenSigner("reader").read(changed)


@given(text=st.text(max_size=40))
def test_any_text_can_be_read_and_is_no_token(text: str) -> None:
    with pytest.raises(BadToken):
        TokenSigner("reader").read(text)


def test_a_token_for_one_use_is_invalid_for_another() -> None:
    token = TokenSigner("reader").token(7, 7, at=1).decode()
    with pytest.raises(BadToken):
        TokenSigner("edition").read(token)


def test_a_token_of_a_former_secret_is_valid_as_long_as_that_is_kept(settings: Settings) -> None:
    token = TokenSigner("reader").token(7, 8, at=1).decode()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "newest", ["newer", settings.SECRET_KEY]
    assert TokenSigner("reader").read(token) == (7, 8, 1)
    assert TokenSigner("reader").token(7, 8, at=1).decode() != token  # made with the newest alone
    settings.SECRET_KEY_FALLBACKS = ["newer"]
    with pytest.raises(BadToken):
        TokenSigner("reader").read(token)


def test_macs_differ_by_use_by_key_and_by_data(settings: Settings) -> None:
    macs = {
        Mac("reader", size=16).sign(b"d1"),
        Mac("reader", size=16).sign(b"d2"),
        Mac("return path", size=16).sign(b"d1"),
    }
    settings.SECRET_KEY = "another"
    macs.add(Mac("reader", size=16).sign(b"d1"))
    assert len(macs) == 4
    assert all(len(each) == 16 for each in macs)
