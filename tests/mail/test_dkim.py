"""Signatures of ours, verified by another library, also after a real Postfix passed them on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests.rendering import MessageRenderer
from mail.dkim import signatures
from mail.dkim.keys import UnreadableKey
from mail.messages import encoding, headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.message import alternative, plain_template
from subscribers import confirmation_mail
from tests.bounces import postfix
from tests.bounces.postfix import Postfix
from tests.support.dkim import Keys
from tests.support.factories import NOON, a_bulletin, a_long_draft, a_reader, topics_of
from tests.support.messages import rendered_digest_of


def a_message(*, called: str = "Letters", subject: str = "News", words: str = "News.\r\n") -> bytes:
    pieces = alternative(
        [
            headers.mailbox("From", "letters@news.example.org", display_name=called),
            headers.mailbox("To", "ann@reader.example"),
            headers.unstructured("Subject", subject),
            headers.date(NOON),
            headers.message_id("1", domain="example.org"),
            *headers.one_click("https://example.org/leave/1/", address="l1@example.org"),
        ],
        text=[encoding.block(words)],
        html=[encoding.block(f"<p>{words}</p>")],
    )
    return b"".join(pieces)


def covered(data: bytes) -> list[str]:
    """What the first signature says that it covers."""
    tags = "".join(data.decode().split("b=", 1)[0].split()).split(";")
    (listed,) = [tag.removeprefix("h=") for tag in tags if tag.startswith("h=")]
    return listed.split(":")


@hypothesis(max_examples=60, suppress_health_check=list(HealthCheck))
@given(called=st.text(max_size=300), subject=st.text(max_size=300), words=st.text())
def test_whatever_people_write_the_signature_is_right(
    keys: Keys, called: str, subject: str, words: str
) -> None:
    unpaired = words.encode("utf-8", "replace").decode()
    assert keys.verify(a_message(called=called, subject=subject, words=unpaired))


def test_a_changed_letter_of_body_or_header_breaks_the_signature(keys: Keys) -> None:
    data = a_message()
    assert keys.verify(data)
    assert not keys.verify(data.replace(b"Subject: News", b"Subject: Lies"))
    assert not keys.verify(data.replace(encoding.block("News.\r\n"), encoding.block("Lies.\r\n")))
    assert not keys.verify(data.replace(b"leave/1/", b"leave/2/"))


def test_the_fields_to_unsubscribe_are_covered_and_a_second_sender_is_no_use(keys: Keys) -> None:
    data = a_message()
    names = covered(data)
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(names)
    assert names.count("from") == names.count("subject") == 2
    assert not keys.verify(data.replace(b"From: ", b"From: <x@evil.example>\r\nFrom: ", 1))


def plain(fields: list[str], *, text: str) -> bytes:
    """A message of plain text alone."""
    head, body = (
        MergeTemplate(("\r\n".join(fields).encode(),)),
        MergeTemplate((encoding.block(text),)),
    )
    return b"".join(plain_template(head, text=body).merge({}))


def test_to_which_mail_a_correction_belongs_is_covered(keys: Keys) -> None:
    fields = [
        headers.mailbox("From", "letters@example.org"),
        headers.date(NOON),
        *headers.in_reply_to("20260915.1.7", domain="example.org"),
    ]
    data = plain(fields, text="News.\r\n")
    assert {"in-reply-to", "references"} <= set(covered(data))
    assert keys.verify(data)
    assert not keys.verify(data.replace(b"References: <20260915.1.7", b"References: <20260915.1.8"))


def test_both_keys_sign_when_both_are_asked_for(keys: Keys, settings: Settings) -> None:
    settings.DKIM_KEYS = [*settings.DKIM_KEYS, keys.add("e1", ed25519=True)]
    data = a_message()
    assert data.count(b"DKIM-Signature:") == 2
    assert keys.verify(data)
    assert keys.verify(data, signature=1)


def test_mail_of_another_domain_or_without_keys_is_not_signed(
    keys: Keys, settings: Settings
) -> None:
    settings.DKIM_DOMAINS = ["other.example", "ample.org"]
    assert b"DKIM-Signature" not in a_message()
    settings.DKIM_KEYS, settings.DKIM_DOMAINS = [], ["example.org"]
    assert b"DKIM-Signature" not in a_message()


def test_the_nearest_domain_above_the_sender_signs(keys: Keys, settings: Settings) -> None:
    settings.DKIM_DOMAINS = ["example.org", "news.example.org", "s.example.org"]
    (signer,) = signatures.signers("letters@news.example.org")
    assert signer.domain == "news.example.org"


def test_a_mail_of_nothing_but_plain_text_is_signed_too(keys: Keys) -> None:
    fields = [headers.mailbox("From", "letters@example.org"), headers.date(NOON)]
    for text in ("", "A line.\r\n", "Many\r\n" * 1000):
        assert keys.verify(plain(fields, text=text))


def test_no_mail_leaves_unsigned_because_a_key_cannot_be_read(
    keys: Keys, settings: Settings, tmp_path: Path
) -> None:
    settings.DKIM_KEYS = [tmp_path / "missing.pem"]
    with pytest.raises(UnreadableKey, match="missing"):
        a_message()


@pytest.mark.django_db
def test_digests_and_confirmations_are_signed(keys: Keys) -> None:
    bulletin = a_bulletin()
    rendered_digest = rendered_digest_of(
        a_long_draft(bulletin, topics_of(bulletin, ["Water"]), articles=2)
    )
    delivery = rendered_digest.delivery(topic_mask=rendered_digest.everything, name="安")
    mail = MessageRenderer(rendered_digest.digest).message(delivery, at=NOON)
    assert keys.verify(mail.data)
    reader = a_reader(a_bulletin("other", language="zh-hans"), "ann@reader.example")
    assert keys.verify(confirmation_mail.message(reader, at=NOON).data)


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    if reason := postfix.missing():
        pytest.skip(reason)
    with postfix.running() as relay:
        yield relay


@pytest.mark.parametrize("subject", ["News", "湖区发布科学数据共享办法" * 8, "Long words " * 30])
def test_the_signature_is_right_after_a_real_postfix_passed_it_on(
    keys: Keys, relay: Postfix, subject: str
) -> None:
    data = a_message(called="云泽科技周讯", subject=subject, words=".\r\n..\r\n" * 900)
    seen = len(relay.refuser.mails)
    relay.send(sender="b@example.org", recipient="ann@reader.example", data=data, options=())
    relay.wait_until(lambda: len(relay.refuser.mails) > seen)
    passed_on = relay.refuser.mails[-1]
    assert passed_on.startswith((b"Return-Path:", b"Received:"))
    assert keys.verify(passed_on)
