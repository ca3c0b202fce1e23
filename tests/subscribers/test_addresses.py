"""What is an address, and when two are one mailbox."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import addresses


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "ann@office",
        "ann@@office.org",
        "ann @office.org",
        "ann@office.org, ben@office.org",
        "Ann <ann@office.org>",
        '"ann"@office.org',
        "ann@[127.0.0.1]",
        "ann@localhost",
        "ann@office.org\r\nBcc: ben@office.org",
        "ann\n@office.org",
        "ann@office.org\x00",
        "a" * 65 + "@office.org",
        "ann@" + "office." * 50 + "org",
        "读者@office.org",
    ],
)
def test_what_no_mail_can_be_sent_to_is_refused(typed: str) -> None:
    with pytest.raises(addresses.NotAnAddress):
        addresses.parse(typed)


def test_the_address_is_kept_as_it_was_typed_and_known_whatever_its_case() -> None:
    assert addresses.parse(" Ann.B@Office.ORG ").text == "Ann.B@office.org"
    assert addresses.parse("Ann.B@Office.ORG").key == addresses.parse("ann.b@office.org").key


def test_full_width_letters_of_a_chinese_keyboard_are_understood() -> None:
    assert addresses.parse("ａｎｎ＠ｏｆｆｉｃｅ。ｏｒｇ").text == "ann@office.org"


def test_a_chinese_domain_is_one_mailbox_in_both_of_its_forms() -> None:
    chinese, ascii_form = (
        addresses.parse("ann@例子.中国"),
        addresses.parse("ann@xn--fsqu00a.xn--fiqs8s"),
    )
    assert chinese == ascii_form
    assert chinese.text.isascii()


@given(st.emails(domains=st.sampled_from(["office.org", "Example.COM", "mail.example.cn"])))
def test_an_address_that_is_parsed_again_stays_the_same(typed: str) -> None:
    try:
        once = addresses.parse(typed)
    except addresses.NotAnAddress:
        return
    assert addresses.parse(once.text) == once
    assert addresses.parse(once.key).key == once.key


@given(st.text() | st.builds("{}@{}".format, st.text(), st.text()))
def test_any_text_is_an_address_fit_for_a_header_or_refused(typed: str) -> None:
    try:
        found = addresses.parse(typed)
    except addresses.NotAnAddress:
        return
    assert found.text.isascii()
    assert found.text.isprintable()
    assert len(found.text) <= 254
    assert found.text.count("@") == 1
    assert not set(found.text) & set(' <>,;:"\\()')
