"""Whatever bytes come, reading them ends soon, raises nothing, and suppresses nobody else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.bounces import Receipt, receive
from mail import bounces
from mail.bounces.mime_parts import MAX_PARTS
from tests.support.factories import NOON
from tests.support.returned_mails import MAILS

ORIGINALS = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail with pieces cut out, doubled, exchanged with another's or overwritten."""
    data = draw(st.sampled_from(ORIGINALS))
    for _ in range(draw(st.integers(1, 6))):
        low = draw(st.integers(0, len(data)))
        high = min(len(data), low + draw(st.integers(0, 400)))
        other = draw(st.sampled_from(ORIGINALS))
        start = draw(st.integers(0, len(other)))
        pieces = (b"", draw(st.binary(max_size=40)), data[low:high] * 3, other[start : start + 200])
        piece = draw(st.sampled_from(pieces))
        data = data[:low] + piece + data[high:]
    return data


@settings(max_examples=300)
@given(data=mutated())
def test_a_mutated_mail_is_read_or_not_but_never_raises(data: bytes) -> None:
    found = bounces.read(data)
    if found is not None:
        assert len(found.detail) <= 500
        assert "\n" not in found.detail


@settings(max_examples=200)
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes) -> None:
    bounces.read(data)


def nested(depth: int, end: bytes = b"Content-Type: text/plain\n\nend") -> bytes:
    parts = [
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    ]
    return b"".join(parts) + end


def enclosed(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: end\n\n"


REPORT = (
    b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
)


MIXED = b"Content-Type: multipart/mixed; "


@pytest.mark.parametrize(
    "data",
    [
        nested(90),
        nested(5000),
        enclosed(90),
        enclosed(5000),
        REPORT + b"Action: failed\nStatus: " + b"5.1." * 100_000,
        REPORT + b"\n\n".join([b"Action: failed\nStatus: 5.1.1"] * 30_000),
        REPORT + b"Diagnostic-Code: " + b"user " * 90_000 + b"\nAction: failed",
        REPORT + b"Action: failed\nDiagnostic-Code: smtp; " + b"<a@b" * 90_000,
        b"Subject: x\n\n" + b"550 " * 120_000,
        b"Subject: x\n\n" + b"<" * 400_000,
        b"Subject: x\n\n" + b"a@" * 200_000,
        b"Subject: x\n\n" + b"This message was undeliverable due to the following reason:\n" * 8000,
        b"To: " + b"d1-aaaaaaaaaaaaaaaa," * 20_000 + b"\n\nx",
        b"\x00" * 500_000,
        b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\n\nhello",
        b"Content-Type: text/plain; charset=rot13\nContent-Transfer-Encoding: base64\n\n===",
        b"From: MAILER-DAEMON\nSubject: failure notice\n\n" + b"\n".join([b"x@y.example"] * 40_000),
        b"",
        MIXED + b"boundary=b\n\n" + b"--b\n\n" * 90_000,
        MIXED + b"boundary=b\n\n" + b"--b\r\r" * 90_000,
        nested(99, b"\n" * 500_000),
        nested(30, b"\n" * 500_000),
        nested(1, b"\n" * 500_000),
        nested(99, b"\r" * 500_000),
        nested(99, b"--b98\n\n" * 70_000),
        nested(98, b"a:\n" * 170_000),
        b"a:\n" * 170_000,
        b"a: b\n" + b" \n" * 250_000,
        enclosed(90) + b"\n" * 480_000,
        MIXED + b"a=b;" * 120_000 + b" boundary=b\n\n--b\n\nx",
        MIXED + b"".join(b"boundary*%d=a;" % n for n in range(30_000)) + b"\n\nx",
        MIXED + b'boundary="' + b'\\"' * 200_000 + b'"\n\n--b\n\nx',
        MIXED + b'boundary="' + b"a" * 250_000 + b'"\n\n--' + b"a" * 250_000 + b"\n\nx",
    ],
    ids=lambda data: f"{len(data)}-{data[:12]!r}",
)
def test_a_mail_made_to_hurt_costs_a_fraction_of_a_second(data: bytes) -> None:
    began = time.thread_time()
    bounces.read(data)
    assert time.thread_time() - began < 0.6  # 0.15 s on a busy machine; unbounded ones take 1 to 30


@pytest.mark.parametrize("end", [b"", b"Content-Type: text/plain\n"])
def test_parts_are_counted_whether_they_say_what_they_are_or_not(end: bytes) -> None:
    def mixed(parts: int) -> bytes:
        return MIXED + b"boundary=b\n\n" + (b"--b\n" + end + b"\nx\n") * parts

    assert bounces.read(mixed(MAX_PARTS - 1)) is not None
    assert bounces.read(mixed(MAX_PARTS)) is None


def test_what_is_too_complicated_is_strange_and_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert receive(nested(200), at=NOON) is Receipt.STRANGE
    assert "strange mail '" in caplog.text
