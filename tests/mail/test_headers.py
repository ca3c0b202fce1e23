"""The header of a mail as bytes of the wire, read back by two parsers that know nothing of it."""

from __future__ import annotations

import re
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from fast_mail_parser import parse_email
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests.rendering import MessageRenderer
from mail.bounces.return_path import ReturnPath
from mail.messages import encoded_words, headers
from publications.models import Bulletin
from subscribers.links import LEAVING
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_bulletin, a_long_draft, topics_of
from tests.support.messages import RenderedDigest, rendered_digest_of

NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\t ,;:<>@"\\=?\u202e\u2028\u2069云ا😀')),
    max_size=500,
)
MANY = hypothesis(max_examples=80, suppress_health_check=list(HealthCheck))
ONCE = {
    "from", "reply-to", "to", "subject", "date", "message-id", "mime-version", "content-type",
    "list-id", "list-archive", "list-subscribe", "list-post", "list-help", "list-unsubscribe",
    "list-unsubscribe-post", "feedback-id", "precedence",
}  # fmt: skip


@pytest.fixture
def bulletin(db: None, settings: Settings) -> Bulletin:
    settings.SITE_URL = "https://bulletin.example.org"
    settings.RETURN_PATH = "bounces@bounces.example.org"
    return a_bulletin(reply_to="editors@example.org")


@pytest.fixture
def rendered_digest(bulletin: Bulletin) -> RenderedDigest:
    return rendered_digest_of(a_long_draft(bulletin, topics_of(bulletin, ["Water"]), articles=2))


def mail_of(rendered_digest: RenderedDigest, **reader: Any) -> bytes:
    delivery = rendered_digest.delivery(topic_mask=rendered_digest.everything, **reader)
    return MessageRenderer(rendered_digest.digest).message(delivery, at=NOON).data


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, _class=EmailMessage, policy=policy.strict)


def lines_of_head(data: bytes) -> list[bytes]:
    return data.partition(b"\r\n\r\n")[0].split(b"\r\n")


def assert_right_for_the_wire(data: bytes) -> None:
    """RFC 5322, sections 2.1.1 and 2.3; RFC 2047, section 2; 7-bit."""
    assert data.isascii()
    assert re.sub(rb"\r\n", b"", data).translate(None, b"\r\n\0") == re.sub(rb"\r\n", b"", data)
    assert max(map(len, data.split(b"\r\n"))) <= 998
    for line in lines_of_head(data):
        assert line.strip(), "a line of nothing but white space"
        assert not re.fullmatch(rb"[\w-]+:\s*", line), "an empty first line"
        assert b"=?" not in line or len(line) <= 76
        assert re.match(rb"[\w-]+: \S|[ \t]+\S", line)


@MANY
@given(name=NASTY, sender=NASTY, title=NASTY)
def test_no_words_of_people_break_a_header_or_add_one(
    rendered_digest: RenderedDigest, name: str, sender: str, title: str
) -> None:
    bulletin = rendered_digest.digest.bulletin
    bulletin.sender_name, bulletin.name = sender, title or "x"
    data = mail_of(rendered_digest, name=name)
    assert_right_for_the_wire(data)

    mail = read(data)
    assert sorted(field.lower() for field in mail) == sorted(ONCE)
    (from_,) = mail["From"].addresses
    (to,) = mail["To"].addresses
    assert (from_.addr_spec, to.addr_spec) == ("letters@example.org", "ann@reader.example")
    called = headers.one_line(name)
    # Python 3.11 keeps the blank between two encoded words of a name (RFC 2047, section 6.2).
    assert to.display_name.replace(" ", "") == called.replace(" ", "")

    second = parse_email(data)
    assert sorted(field.lower() for field in second.headers) == sorted(ONCE)
    assert [(one.display_name or "", one.address) for one in second.to] == [
        (called, "ann@reader.example")
    ]


@MANY
@given(subject=NASTY)
def test_a_subject_is_read_back_as_it_was_but_for_white_space(subject: str) -> None:
    field = headers.unstructured("Subject", subject)
    data = f"{field}\r\n\r\n".encode("ascii")
    wanted = headers.one_line(subject)
    if wanted:
        assert_right_for_the_wire(data)
    assert str(read(data)["Subject"]) == wanted
    assert (parse_email(data).subject or "") == wanted


@given(
    words=NASTY | st.lists(st.sampled_from(["Ann", "王", " ", "  ", "\u3000", "\x00"])).map("".join)
)
def test_one_line_has_its_words_with_single_spaces_and_nothing_that_breaks_it(words: str) -> None:
    line = headers.one_line(words)
    assert line == " ".join(line.split()) == headers.one_line(line)
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in line
    )
    assert _printable(line) == _printable(words)


def _printable(words: str) -> list[str]:
    return [character for character in words if character.isprintable() and character != " "]


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), room=st.integers(20, 75))
def test_encoded_words_fit_and_cut_no_character_in_two(text: str, room: int) -> None:
    words = encoded_words.encoded(text, room=room).split("\r\n ")
    assert len(words[0]) <= room
    assert max(map(len, words)) <= 75
    assert "".join(str(read(f"Subject: {word}\r\n\r\n".encode())["Subject"]) for word in words)


def test_a_long_english_subject_is_folded_between_its_words_and_stays_readable() -> None:
    field = headers.unstructured("Subject", "From January each project ends with two pages " * 3)
    assert "=?" not in field
    assert field.startswith("Subject: From January")
    assert all(len(line) <= 76 for line in field.split("\r\n"))


def test_a_long_chinese_subject_begins_on_its_first_line() -> None:
    field = headers.unstructured(
        "Subject", "湖区发布科学数据共享办法，明确谁产生、谁说明、谁受益" * 3
    )
    assert field.startswith("Subject: =?utf-8?b?")


def test_a_mail_program_finds_where_to_unsubscribe_on_one_line_each(
    rendered_digest: RenderedDigest,
) -> None:
    lines = lines_of_head(mail_of(rendered_digest))
    (leaving,) = [line for line in lines if line.startswith(b"List-Unsubscribe:")]
    assert re.fullmatch(
        rb"List-Unsubscribe: <https://bulletin\.example\.org/leave/[\w-]{36}/>,"
        rb" <mailto:bounces\+l7-[0-9a-f]{28}@bounces\.example\.org\?subject=unsubscribe>",
        leaving,
    )
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_the_address_to_unsubscribe_names_the_reader(rendered_digest: RenderedDigest) -> None:
    address = re.findall(
        r"mailto:([^?]+)", str(read(mail_of(rendered_digest))["List-Unsubscribe"])
    )[0]
    assert [key[:2] for key in ReturnPath().keys_in(address)] == [(LEAVING, 7)]


def test_without_a_return_path_there_is_no_address_to_unsubscribe(
    rendered_digest: RenderedDigest, settings: Settings
) -> None:
    settings.RETURN_PATH = ""
    assert "mailto" not in str(read(mail_of(rendered_digest))["List-Unsubscribe"])


def test_the_header_says_whose_list_it_is_and_where(rendered_digest: RenderedDigest) -> None:
    mail = read(mail_of(rendered_digest))
    assert mail["From"] == "Letters <letters@example.org>"
    assert mail["Reply-To"] == "editors@example.org"
    assert mail["Sender"] is None  # it would repeat From (RFC 5322, section 3.6.2)
    assert mail["List-Id"] == "Letters <letters.bulletin.example.org>"
    assert mail["List-Archive"] == "<https://bulletin.example.org/b/letters/>"
    assert mail["List-Subscribe"] == "<https://bulletin.example.org/b/letters/subscribe/>"
    assert mail["List-Help"].startswith("<https://bulletin.example.org/preferences/")
    assert mail["List-Post"] == "NO"
    assert mail["Precedence"] == "bulk"


def test_gmail_finds_a_sender_of_5_to_15_letters_at_the_end_of_feedback_id(
    rendered_digest: RenderedDigest,
) -> None:
    parts = str(read(mail_of(rendered_digest))["Feedback-ID"]).split(":")
    assert parts[:3] == [str(rendered_digest.digest.pk), "letters", "digest"]
    assert re.fullmatch(r"[0-9a-f]{5,15}", parts[3])


def test_a_second_try_of_a_delivery_has_the_same_message_id_and_no_other_has(
    rendered_digest: RenderedDigest,
) -> None:
    delivery = rendered_digest.delivery(topic_mask=1)
    renderer = MessageRenderer(rendered_digest.digest)
    first, again = (read(renderer.message(delivery, at=NOON).data)["Message-ID"] for _ in range(2))
    delivery.pk += 1
    other = read(renderer.message(delivery, at=NOON).data)["Message-ID"]
    assert first == again != other


def test_a_domain_of_other_letters_is_written_as_the_dns_has_it(
    rendered_digest: RenderedDigest, settings: Settings
) -> None:
    rendered_digest.digest.bulletin.sender_email = "bulletin@例子.中国"
    settings.RETURN_PATH = ""
    delivery = rendered_digest.delivery(topic_mask=1, address="li@bücher.example")
    message = MessageRenderer(rendered_digest.digest).message(delivery, at=NOON)
    assert message.data.isascii()
    assert message.sender == "bulletin@xn--fsqu00a.xn--fiqs8s"
    assert message.recipient == "li@xn--bcher-kva.example"
    assert b"From: Letters <bulletin@xn--fsqu00a.xn--fiqs8s>" in message.data


def test_only_an_address_of_other_letters_makes_a_mail_more_than_ascii(
    rendered_digest: RenderedDigest,
) -> None:
    lines = lines_of_head(mail_of(rendered_digest, address="李@reader.example", name="李"))
    (other,) = [line for line in lines if not line.isascii()]
    assert other.decode() == "To: =?utf-8?b?5p2O?= <李@reader.example>"


def test_plain_text_alone_has_the_same_header(rendered_digest: RenderedDigest) -> None:
    mail = read(mail_of(rendered_digest, format=Subscriber.Format.TEXT))
    assert sorted(field.lower() for field in mail) == sorted({*ONCE, "content-transfer-encoding"})
    assert mail.get_content_type() == "text/plain"
