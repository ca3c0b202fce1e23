"""Hands messages to the mail server, and says what became of each.

The only module that knows SMTP. One connection is kept for all messages of a session and
opened again when it was lost. Every other backend of Django works as well, more slowly.
"""

from __future__ import annotations

import contextlib
import re
import select
import smtplib
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.utils import DNS_NAME

from bulletin_site.mail.adapting import Finished

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_DOT = re.compile(rb"^\.", re.MULTILINE)  # RFC 5321, section 4.5.2
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready for the wire (RFC 5322, lines ended by CRLF), and its envelope."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Answered:
    """`answer` is what the mail server said, without addresses, 500 characters at most."""

    answer: str


class Accepted(_Answered):
    """The mail server took it over."""


class Refused(_Answered):
    """The mail server will not take this message for this recipient; asking again is no use."""


class Unavailable(_Answered):
    """It was not taken over, for a reason that may pass."""


class Uncertain(_Answered):
    """It was handed over whole, and the answer never came: it may have been taken or not."""


Outcome = Accepted | Refused | Unavailable | Uncertain


def in_short(answer: str | bytes | BaseException) -> str:
    """`answer` as it may be kept: on one line, without addresses, 500 characters at most."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return _ADDRESS.sub("<…>", " ".join(words.split()))[:500]


class Session:
    """A conversation with the mail server that Django's settings name; use as a context manager.

    The connection is opened with the first message. `send` raises nothing.
    """

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: Message) -> Outcome:
        """Hand over one message, and wait for the answer."""
        if settings.EMAIL_BACKEND != _SMTP:
            return _through_django(message)
        try:
            return self._transact(self._connected(), message)
        except OSError as error:  # smtplib's and ssl's errors are such
            self._close()
            return Unavailable(in_short(error))
        except ValueError as error:  # what smtplib will not send: an address with a line break
            self._close()
            return Refused(in_short(error))

    def _transact(self, server: smtplib.SMTP, message: Message) -> Outcome:
        """One mail transaction (RFC 5321, section 3.3). Raises OSError while nothing can have
        been taken over."""
        options = []
        if not f"{message.sender}{message.recipient}".isascii():
            if not server.has_extn("smtputf8"):
                return Refused("SMTPUTF8 (RFC 6531)?")
            options = ["SMTPUTF8"]
        code, answer = server.mail(message.sender, options)
        if code != 250:  # about us, not about this reader, whatever the code
            return self._end(code, Unavailable(in_short(answer)))
        code, answer = server.rcpt(message.recipient)
        if code not in {250, 251}:
            return self._end(code, _verdict(code, answer))
        code, answer = server.docmd("DATA")
        if code != 354:
            return self._end(code, _verdict(code, answer))
        server.send(_DOT.sub(b"..", message.data) + b".\r\n")
        return self._last_answer(server)

    def _last_answer(self, server: smtplib.SMTP) -> Outcome:
        """The outcome once the body is with the server, final dot and all."""
        try:
            code, answer = server.getreply()
        except OSError as error:
            self._close()
            return Uncertain(in_short(error))
        if code == 250:
            return Accepted(in_short(answer))
        if not 400 <= code < 600:
            self._close()
            return Uncertain(in_short(answer))
        return self._end(code, _verdict(code, answer))

    def _end(self, code: int, outcome: Outcome) -> Outcome:
        """Make the connection ready for the next message, or give it up."""
        try:
            if code == 421 or self._server is None or self._server.rset()[0] != 250:
                self._close()
        except OSError:
            self._close()
        return outcome

    def _connected(self) -> smtplib.SMTP:
        """The kept connection, or a new one where it was closed meanwhile. Raises OSError."""
        if self._server is None or not _quiet(self._server):
            self._close()
            self._server = _connect()
        return self._server

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(OSError):
            if server.sock:
                server.docmd("QUIT")
        server.close()


def _quiet(server: smtplib.SMTP) -> bool:
    """Whether the server has said nothing unasked: a farewell (421) or the connection's end."""
    return server.sock is not None and not select.select([server.sock], [], [], 0)[0]


def _connect() -> smtplib.SMTP:
    """A new connection, ready for mail. Raises OSError."""
    context = ssl.create_default_context()
    host, port, timeout = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
    name = str(DNS_NAME)
    server = (
        smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
        if settings.EMAIL_USE_SSL
        else smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
    )
    try:
        if settings.EMAIL_USE_TLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except OSError:
        server.close()
        raise
    return server


def _verdict(code: int, answer: bytes) -> Outcome:
    """What an answer about the recipient or the message means: 5xx is for good (RFC 5321)."""
    return (Refused if 500 <= code < 600 else Unavailable)(in_short(answer))


def _through_django(message: Message) -> Outcome:
    """Hand over by whichever backend is set."""
    finished = Finished(sender=message.sender, recipient=message.recipient, data=message.data)
    try:
        taken = get_connection().send_messages([finished])
    except Exception as error:  # noqa: BLE001 - each backend raises errors of its own
        return Unavailable(in_short(error))
    return Accepted("") if taken else Unavailable("")
