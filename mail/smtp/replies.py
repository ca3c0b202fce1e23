"""The replies of a mail server (RFC 5321, section 4.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mail.bounces.classification import may_pass
from mail.outcomes import Accepted, Deferred, Outcome, Rejected, Uncertain, sanitized

MAX_REPLY_BYTES = 65_536  # who says more is no mail server
_ABOUT_THE_CLIENT = {
    421,
    530,
    535,
}  # closing; authentication wanted, or wrong (RFC 4954, section 6)


class ProtocolError(OSError):
    """What came is not SMTP."""


class Reply(NamedTuple):
    """A code and the text of all its lines."""

    code: int
    text: bytes

    @property
    def verdict(self) -> Outcome:
        """What a negative reply means for the message: 5xx is for good, unless it is about the
        client and not about the recipient, or speaks of limits: QQ Mail says 550 for those."""
        said = sanitized(self.text)
        lasting = (
            500 <= self.code < 600 and self.code not in _ABOUT_THE_CLIENT and not may_pass(said)
        )
        return (Rejected if lasting else Deferred)(said, self.code)

    @property
    def result(self) -> Outcome:
        """What the reply to the whole text means for the message."""
        if self.code == 250:
            return Accepted(sanitized(self.text), 250)
        if 400 <= self.code < 600:
            return self.verdict
        return Uncertain(sanitized(self.text), self.code)

    @property
    def excuse(self) -> Deferred:
        """What a negative reply means that is not about the recipient, whatever its code."""
        return Deferred(sanitized(self.text), self.code)


class Replies:
    """Cuts bytes into replies as they come."""

    def __init__(self) -> None:
        self._rest = b""
        self._texts: list[bytes] = []

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that are whole by now. Raises ProtocolError."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        whole = []
        for line in lines:
            reply, last = _cut(line)
            if self._texts or not last:
                self._texts.append(reply.text)
                reply = Reply(reply.code, b"\n".join(self._texts))
            if last:
                whole.append(reply)
                self._texts = []
        if len(self._rest) + sum(map(len, self._texts)) > MAX_REPLY_BYTES:
            raise ProtocolError("a reply without an end")
        return whole

    @property
    def pending(self) -> bool:
        """Whether a part of a reply is here."""
        return bool(self._rest or self._texts)


@lru_cache(maxsize=64)
def _cut(line: bytes) -> tuple[Reply, bool]:
    """Return what one line says, and whether it is the last of its reply. Most lines of a session
    are the same ones over and over."""
    if not line[:3].isdigit():
        raise ProtocolError("what came is not SMTP")
    return Reply(int(line[:3]), line[4:].strip()), line[3:4] != b"-"
