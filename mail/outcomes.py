"""A message with its envelope, and what can become of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mail.messages.headers import one_line

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>]+>?")
_LOOKED_AT = 1000  # characters of an answer, in which addresses are looked for
_LONGEST = 500


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
class _Answered:
    """`answer` is what the mail server said, without addresses, 500 characters at most; `code`
    its reply code (RFC 5321, section 4.2), 0 where it said nothing."""

    answer: str
    code: int = 0

    @property
    def said(self) -> str:
        """The code, where there is one, and the answer; 500 characters at most."""
        return f"{self.code or ''} {self.answer}".strip()[:_LONGEST]


class Accepted(_Answered):
    """The mail server took it over."""


class Rejected(_Answered):
    """The mail server will not take this message for this recipient; asking again is no use."""


class Deferred(_Answered):
    """It was not taken over, for a reason that may pass."""


class ServerProblem(StrEnum):
    """Why a mail server cannot be spoken to, as far as that has a name."""

    CERTIFICATE = "certificate"  # it is not trusted
    ENCRYPTION = "encryption"  # there is none where there should be
    NAME = "name"  # nobody knows it
    REFUSED = "refused"  # nobody listens
    SILENT = "silent"  # nothing was said in time
    PASSWORD = "password"  # noqa: S105 - ours is not taken
    OTHER = ""


@dataclass(frozen=True, slots=True)
class ServerUnreachable(Deferred):
    """No mail server could be spoken to: not reached, or it will have nothing of us. That says
    nothing about this message."""

    problem: ServerProblem = ServerProblem.OTHER


class Uncertain(_Answered):
    """It was handed over whole, and the answer never came: it may have been taken or not."""


Outcome = Accepted | Rejected | Deferred | Uncertain


def sanitized(answer: str | bytes | BaseException) -> str:
    """`answer` as it may be kept: on one line, without addresses and control characters, 500
    characters at most."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    line = one_line(words[:_LOOKED_AT])
    if len(words) > _LOOKED_AT:
        line = line.rpartition(" ")[0] or line[:_LONGEST]  # the last may be half of an address
    return (_ADDRESS.sub("<…>", line) if "@" in line else line)[:_LONGEST]
