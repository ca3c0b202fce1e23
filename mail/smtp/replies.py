"""The replies of a mail server (RFC 5321, section 4.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mail.bounces.classification import is_temporary
from mail.outcomes import Accepted, Deferred, Outcome, Rejected, Uncertain, sanitized

MAX_REPLY_BYTES = 65_536  # what sends more is no mail server
# Closing; authentication wanted, or wrong (RFC 4954, section 6).
_ABOUT_THE_CLIENT = {421, 530, 535}


class ProtocolError(OSError):
    """The server sent something that is not SMTP, or not in its place."""


class Reply(NamedTuple):
    """A code and the text of all its lines."""

    code: int
    text: bytes

    @property
    def verdict(self) -> Outcome:
        """The outcome of a negative reply to a command: 5xx is permanent, unless it is about the
        client and not about the recipient, or names limits: QQ Mail says 550 for those."""
        text = sanitized(self.text)
        about_recipient = 500 <= self.code < 600 and self.code not in _ABOUT_THE_CLIENT
        permanent = about_recipient and not is_temporary(text)
        return (Rejected if permanent else Deferred)(text, self.code)

    @property
    def result(self) -> Outcome:
        """The outcome of a message by the reply to its whole text."""
        if self.code == 250:
            return Accepted(sanitized(self.text), 250)
        if 400 <= self.code < 600:
            return self.verdict
        return Uncertain(sanitized(self.text), self.code)

    @property
    def deferral(self) -> Deferred:
        """The outcome of a negative reply that is not about the recipient, whatever its code."""
        return Deferred(sanitized(self.text), self.code)


class ReplyParser:
    """Parses replies as their bytes come in."""

    def __init__(self) -> None:
        self._rest = b""
        self._texts: list[bytes] = []
        self._bytes = 0

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that are complete by now. Raises ProtocolError."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        whole = []
        for line in lines:
            reply, last = _cut(line)
            if not last:
                self._add(reply.text)
            elif self._texts:
                self._add(reply.text)
                whole.append(Reply(reply.code, b"\n".join(self._texts)))
                self._texts, self._bytes = [], 0
            else:
                whole.append(reply)
        self._check(len(self._rest))
        return whole

    @property
    def pending(self) -> bool:
        """Whether a part of a reply has come."""
        return bool(self._rest or self._texts)

    def _add(self, text: bytes) -> None:
        self._texts.append(text)
        self._bytes += len(text)
        self._check(0)

    def _check(self, rest: int) -> None:
        if self._bytes + rest > MAX_REPLY_BYTES:
            raise ProtocolError("a reply without an end")


@lru_cache(maxsize=64)
def _cut(line: bytes) -> tuple[Reply, bool]:
    """Return the reply of one line, and whether it is the last of its reply. Most lines of a
    session are the same ones over and over."""
    if not line[:3].isdigit():
        raise ProtocolError("the reply is not SMTP")
    return Reply(int(line[:3]), line[4:].strip()), line[3:4] != b"-"
