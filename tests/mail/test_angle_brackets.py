"""Nothing that stands between angle brackets can end a header field or begin another."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.messages import headers

FIELDS: dict[str, Callable[[str], list[str]]] = {
    "mailbox": lambda value: [headers.mailbox("To", f"{value}@example.org")],
    "list_id": lambda value: [headers.list_id("News", value)],
    "message_id": lambda value: [headers.message_id(value, domain="example.org")],
    "message_id's domain": lambda value: [headers.message_id("1.2", domain=value)],
    "in_reply_to": lambda value: headers.in_reply_to(value, domain="example.org"),
    "one_click": lambda value: headers.one_click(f"https://example.org/{value}")[:1],
    "one_click's address": lambda value: headers.one_click(
        "https://example.org/leave/", address=f"{value}@example.org"
    )[:1],
    "link": lambda value: [headers.link("List-Help", f"https://example.org/{value}")],
    "feedback_id": lambda value: [headers.feedback_id(value, sender="example.org")],
}
HOSTILE = ["a>\r\nBcc: b", "a\nBcc: b", "a\rBcc: b", "a> <b", "<a", "a\0b", "a\u2028b", "a\x85b"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE)
def test_what_would_break_out_of_a_field_is_taken_out(field: str, value: str) -> None:
    for line in FIELDS[field](value):
        # What is beyond ASCII and printable is the address's own (SMTPUTF8).
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028]", line)
        expected = 0 if field == "feedback_id" else 1 + line.count("mailto:")
        assert (line.count("<"), line.count(">")) == (expected, expected)


@given(value=st.text(max_size=30))
def test_whatever_the_value_each_field_is_one_line_with_its_own_brackets(value: str) -> None:
    for made in FIELDS.values():
        for line in made(value):
            assert len(line.splitlines()) == 1
            assert line.count("<") == line.count(">") <= 2


def test_a_usual_value_stays_as_it_is() -> None:
    assert headers.link("List-Help", "https://example.org/a?b=c&d=%20") == (
        "List-Help: <https://example.org/a?b=c&d=%20>"
    )
