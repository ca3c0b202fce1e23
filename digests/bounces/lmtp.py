"""A listener to which a mail server delivers what comes back: LMTP (RFC 2033), or SMTP."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from digests.bounces.receiving import Receipt, receive
from mail.bounces.return_path import ReturnPath

logger = logging.getLogger(__name__)

MAX_BYTES = 2 * 1024 * 1024  # of one mail; larger ones are rejected
_TIMEOUT_SECONDS = 60.0  # without a command


class Handler:
    """Accepts mail for signed return paths and for RETURN_PATH itself once its feedback is
    recorded; an aiosmtpd handler. One thread writes, and keeps its connection with the database
    from one mail to the next."""

    def __init__(self) -> None:
        self._writer = ThreadPoolExecutor(max_workers=1)

    def close(self) -> None:
        """End the thread and its connection."""
        self._writer.submit(connections.close_all).result()
        self._writer.shutdown()

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
        if envelope.rcpt_tos:  # so that one reply does for LMTP, too
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        data = envelope.original_content or b""
        try:
            receipt = await asyncio.get_running_loop().run_in_executor(
                self._writer, _receive, data, envelope.rcpt_tos, timezone.now()
            )
        except DatabaseError as error:
            logger.warning("feedback cannot be recorded: %s", type(error).__name__)
            return "451 4.3.0 Try again later"
        return f"250 2.0.0 {receipt.value.capitalize()}"


def _receive(data: bytes, recipients: list[str], at: datetime) -> Receipt:
    close_old_connections()  # as Django does before each request
    return receive(data, recipients=recipients, at=at)


class Listener(Controller):
    """Listens on `hostname` and `port` in a thread, from `start` until `stop`."""

    def __init__(self, hostname: str, port: int, *, protocol: type[SMTP] = LMTP) -> None:
        self._handler = Handler()
        super().__init__(self._handler, hostname=hostname, port=port)
        self._protocol = protocol

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 - as aiosmtpd has it
        super().stop(no_assert=no_assert)
        self._handler.close()

    def factory(self) -> SMTP:
        return self._protocol(
            self.handler, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, timeout=_TIMEOUT_SECONDS
        )
