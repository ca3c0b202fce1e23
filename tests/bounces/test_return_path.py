"""The address to which bounces come fits into an envelope, and cannot be made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests.models import Delivery
from digests.rendering import MessageRenderer
from mail.bounces.return_path import Key, ReturnPath
from subscribers import confirmation_mail
from subscribers.models import Subscriber
from tests.support.factories import NOON

ids = st.integers(min_value=0, max_value=10**14 - 1)
link_keys = st.integers(min_value=0, max_value=2**32 - 1)


@given(number=ids, link_key=link_keys, letter=st.sampled_from("dnl"))
def test_every_key_comes_back_whatever_the_case_and_fits_into_an_envelope(
    number: int, link_key: int, letter: str
) -> None:
    key = Key(letter, number, link_key)
    address = ReturnPath().address(key)
    assert ReturnPath().keys_in(f"<{address.upper()}>") == [key]
    assert ReturnPath().is_ours(address)
    assert len(address.partition("@")[0]) <= 64
    assert len(address) <= 254


@given(number=ids, place=st.integers(0, 60), character=st.sampled_from("0123456789abcdefgz-"))
def test_an_address_that_was_changed_names_nothing_or_the_same(
    number: int, place: int, character: str
) -> None:
    address = ReturnPath().address(Key("d", number, 7))
    changed = address[:place] + character + address[place + 1 :]
    assert ReturnPath().keys_in(changed) in ([], [Key("d", number, 7)])


@given(text=st.text(max_size=300))
def test_any_text_is_searched(text: str) -> None:
    assert ReturnPath().keys_in(text) == []


def test_another_secret_makes_another_mac(settings: Settings) -> None:
    address = ReturnPath().address(Key("d", 1, 7))
    settings.SECRET_KEY = "another"
    assert not ReturnPath().is_ours(address)


def test_an_address_of_a_former_secret_is_ours_as_long_as_that_is_kept(settings: Settings) -> None:
    address = ReturnPath().address(Key("l", 1, 7))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert ReturnPath().is_ours(address)
    assert ReturnPath().keys_in(address) == [Key("l", 1, 7)]
    assert ReturnPath().address(Key("l", 1, 7)) != address


@given(number=ids, link_key=link_keys)
def test_the_longest_return_path_leaves_64_letters_before_the_at(
    number: int, link_key: int
) -> None:
    longest = f"{'b' * 19}+{ReturnPath().signed_key(Key('d', number, link_key))}"
    assert len(longest) <= 64


@pytest.mark.parametrize(
    ("recipient", "ours"),
    [
        ("bounces@bounces.example.org", True),
        ("<Bounces@Bounces.Example.ORG>", True),
        ("bounces+d1-aaaaaaaaaaaaaaaaaaaa@bounces.example.org", False),
        ("postmaster@bounces.example.org", False),
        ("bounces@other.example.org", False),
        ("", False),
    ],
)
def test_mail_for_others_is_not_ours(recipient: str, ours: bool) -> None:
    assert ReturnPath().is_ours(recipient) is ours


def test_each_mail_leaves_with_an_address_of_its_own(
    delivery: Delivery, reader: Subscriber, settings: Settings
) -> None:
    digest, notice = MessageRenderer(delivery.digest), confirmation_mail.message(reader, at=NOON)
    assert ReturnPath().keys_in(digest.message(delivery, at=NOON).sender) == [
        Key("d", delivery.pk, delivery.digest.link_key)
    ]
    assert ReturnPath().keys_in(notice.sender) == [Key("n", reader.pk, reader.link_key)]
    settings.RETURN_PATH = ""
    digest = MessageRenderer(delivery.digest)
    assert digest.message(delivery, at=NOON).sender == reader.bulletin.sender_email
