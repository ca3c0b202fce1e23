"""A mail server delivers what comes back, and gets its reply when the feedback is recorded."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP

from digests.bounces.lmtp import MAX_BYTES, Listener
from digests.models import Delivery, Feedback
from digests.models.delivery import DeliveryStatus
from subscribers.models import Suppression
from tests.bounces import postfix
from tests.support.returned_mails import key_of, mail

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def listener() -> Iterator[Listener]:
    running = Listener("127.0.0.1", free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def lmtp(listener: Listener) -> Iterator[smtplib.LMTP]:
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        yield client


def address(delivery: Delivery) -> str:
    return f"bounces+{key_of(delivery)}@bounces.example.org"


def test_a_bounce_is_in_the_ledger_when_it_is_answered(
    lmtp: smtplib.LMTP, delivery: Delivery
) -> None:
    data = mail("postfix-gone", "no-key-inside")
    lmtp.sendmail("<>", address(delivery), data)
    assert Feedback.objects.get().delivery == delivery
    lmtp.sendmail("<>", address(delivery), data)
    assert Feedback.objects.count() == 1


def test_a_complaint_comes_to_the_plain_address(lmtp: smtplib.LMTP, delivery: Delivery) -> None:
    data = mail("arf-abuse", key_of(delivery))
    lmtp.sendmail("fbl@provider.example", "bounces@bounces.example.org", data)
    assert Suppression.objects.get().reason == "complained"


@pytest.mark.parametrize(
    "recipient",
    ["ann@reader.example", "bounces+d1-aaaaaaaaaaaaaaaa@bounces.example.org", "root@localhost"],
)
def test_mail_for_anybody_else_is_rejected_at_once(recipient: str, lmtp: smtplib.LMTP) -> None:
    lmtp.mail("spam@example.net")
    assert lmtp.rcpt(recipient)[0] == 550


def test_one_mail_has_one_recipient(lmtp: smtplib.LMTP, delivery: Delivery) -> None:
    lmtp.mail("<>")
    assert lmtp.rcpt(address(delivery))[0] == 250
    assert lmtp.rcpt("bounces@bounces.example.org")[0] == 452


def test_what_is_too_large_is_rejected(lmtp: smtplib.LMTP, delivery: Delivery) -> None:
    with pytest.raises(smtplib.SMTPException):
        lmtp.sendmail("<>", address(delivery), b"x" * (MAX_BYTES + 1))
    assert not Feedback.objects.exists()


def test_it_speaks_smtp_where_that_is_asked_for(delivery: Delivery) -> None:
    listener = Listener("127.0.0.1", free_port(), protocol=SMTP)
    listener.start()
    try:
        with smtplib.SMTP("127.0.0.1", listener.port) as client:
            client.sendmail("<>", address(delivery), mail("exim-gone", "x"))
    finally:
        listener.stop()
    assert Feedback.objects.get().delivery == delivery


@pytest.mark.skipif(bool(postfix.missing()), reason=postfix.missing())
def test_a_real_postfix_bounces_a_digest_into_the_ledger(
    listener: Listener, delivery: Delivery
) -> None:
    Delivery.objects.update(status=DeliveryStatus.UNCERTAIN)
    message = b"From: letters@example.org\r\nSubject: News\r\n\r\nWater.\r\n"
    with postfix.running(collector_port=listener.port) as server:
        server.refuser.responses = {"ann": "550 5.1.1 User unknown"}
        server.send(
            sender=address(delivery), recipient="ann@reader.example", data=message, options=()
        )
        # Not asked of the database: SQLite in memory lets nobody write while others read.
        server.wait_until(lambda: server.has_logged("status=sent (250 2.0.0 Recorded"))
    assert Feedback.objects.get().delivery == delivery
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT
    assert Suppression.objects.get().address_key == "ann@reader.example"
