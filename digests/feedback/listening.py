"""A listener to which a mail server hands over what comes back: LMTP (RFC 2033), or SMTP."""

from __future__ import annotations

import logging
from datetime import datetime

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from django.utils import timezone

from bulletin_site.mail.return_path import ReturnPath
from digests.feedback.receiving import Receipt, receive

logger = logging.getLogger(__name__)

LARGEST = 2 * 1024 * 1024  # bytes of one mail; larger ones are refused
_TIMEOUT = 60.0  # seconds without a command


class Listener:
    """Takes mail for sealed return paths and for RETURN_PATH itself, and answers when it is in
    the ledger; an aiosmtpd handler."""

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if not ReturnPath().is_ours(address):
            return "550 5.1.1 No such address"
        if envelope.rcpt_tos:  # so that one answer does for LMTP, too
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        data = envelope.original_content or b""
        try:
            receipt = await sync_to_async(_received)(data, envelope.rcpt_tos, timezone.now())
        except DatabaseError as error:
            logger.warning("nothing can be written down: %s", type(error).__name__)
            return "451 4.3.0 Try again later"
        return f"250 2.0.0 {receipt.value.capitalize()}"


def _received(data: bytes, recipients: list[str], at: datetime) -> Receipt:
    try:
        return receive(data, recipients=recipients, at=at)
    finally:
        connection.close()  # mails are rare, and this thread ends without a word to Django


class Receiver(Controller):
    """Listens on `hostname` and `port` in a thread, from `start` until `stop`."""

    def __init__(self, hostname: str, port: int, *, protocol: type[SMTP] = LMTP) -> None:
        super().__init__(Listener(), hostname=hostname, port=port)
        self._protocol = protocol

    def factory(self) -> SMTP:
        return self._protocol(
            self.handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, timeout=_TIMEOUT
        )
