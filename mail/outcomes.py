"""A message with its envelope, and what can become of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mail.messages.headers import one_line

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>]+>?")
_SEARCHED_LENGTH = 1000  # characters of a response, in which addresses are looked for
MAX_RESPONSE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready for the wire (RFC 5322, lines ended by CRLF), and its envelope.

    It comes in pieces of whole lines, so that what many messages share is never copied. Those
    after the first are ASCII and have no line that begins with a dot, as base64 has none.
    """

    sender: str
    recipient: str
    pieces: Sequence[bytes]

    @property
    def data(self) -> bytes:
        """The message in one piece."""
        return b"".join(self.pieces)


@dataclass(frozen=True, slots=True)
class _SmtpResponse:
    """`text` is that of the SMTP response, without addresses, MAX_RESPONSE_LENGTH characters at
    most; `code` its reply code (RFC 5321, section 4.2), 0 where there was no response."""

    text: str
    code: int = 0

    @property
    def smtp_response(self) -> str:
        """The code, where there is one, and the text; MAX_RESPONSE_LENGTH characters at most."""
        return f"{self.code or ''} {self.text}".strip()[:MAX_RESPONSE_LENGTH]


class Accepted(_SmtpResponse):
    """The mail server took responsibility for the message."""


class Rejected(_SmtpResponse):
    """The mail server refused the message for this recipient for good; a retry is no use."""


class Deferred(_SmtpResponse):
    """The message was not accepted, for a reason that may pass."""


class ServerProblem(StrEnum):
    """The reason why no session with a mail server can be opened, as far as that has a name."""

    CERTIFICATE = "certificate"  # it is not trusted
    ENCRYPTION = "encryption"  # there is none where there should be
    NAME = "name"  # the DNS does not know it
    REFUSED = "refused"  # nobody listens
    SILENT = "silent"  # no response in time
    PASSWORD = "password"  # noqa: S105 - ours is not accepted
    OTHER = ""


@dataclass(frozen=True, slots=True)
class ServerUnreachable(Deferred):
    """No session with a mail server could be opened, which says nothing about this message."""

    problem: ServerProblem = ServerProblem.OTHER


class Uncertain(_SmtpResponse):
    """The message was sent whole and no response came: it may have been accepted or not."""


Outcome = Accepted | Rejected | Deferred | Uncertain


def sanitized(response: str | bytes | BaseException) -> str:
    """Return `response` as it may be stored: on one line, without addresses and control
    characters, MAX_RESPONSE_LENGTH characters at most."""
    words = response.decode("utf-8", "replace") if isinstance(response, bytes) else str(response)
    line = one_line(words[:_SEARCHED_LENGTH])
    if len(words) > _SEARCHED_LENGTH:
        # The last word may be half of an address.
        line = line.rpartition(" ")[0] or line[:MAX_RESPONSE_LENGTH]
    return (_ADDRESS.sub("<…>", line) if "@" in line else line)[:MAX_RESPONSE_LENGTH]
