"""What a mail server says, cut into replies (RFC 5321, section 4.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from bulletin_site.mail.returned.diagnosing import may_pass
from bulletin_site.mail.transport.outcomes import (
    Accepted,
    Outcome,
    Refused,
    Unavailable,
    Uncertain,
    in_short,
)

LONGEST = 65_536  # bytes of one reply; what says more is no mail server
_ABOUT_US = {421, 530, 535}  # closing; authentication wanted, or wrong (RFC 4954, section 6)


class Nonsense(OSError):
    """What came is not SMTP."""


class Reply(NamedTuple):
    """A code and the text of all its lines."""

    code: int
    text: bytes

    @property
    def verdict(self) -> Outcome:
        """What a reply that is no consent means for the message: 5xx is for good, unless it is
        about us and not about the recipient, or speaks of limits: QQ Mail says 550 for those."""
        said = in_short(self.text)
        lasting = 500 <= self.code < 600 and self.code not in _ABOUT_US and not may_pass(said)
        return (Refused if lasting else Unavailable)(said, self.code)

    @property
    def result(self) -> Outcome:
        """What it means for a message when it is the answer to the whole text."""
        if self.code == 250:
            return Accepted(in_short(self.text), 250)
        if 400 <= self.code < 600:
            return self.verdict
        return Uncertain(in_short(self.text), self.code)

    @property
    def excuse(self) -> Unavailable:
        """The same for a reply that is not about the recipient, whatever its code."""
        return Unavailable(in_short(self.text), self.code)


class Replies:
    """Cuts bytes into replies as they come."""

    def __init__(self) -> None:
        self._rest = b""
        self._texts: list[bytes] = []

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole by now. Raises Nonsense."""
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
        if len(self._rest) + sum(map(len, self._texts)) > LONGEST:
            raise Nonsense("a reply without an end")
        return whole

    @property
    def pending(self) -> bool:
        """Whether a part of a reply is here."""
        return bool(self._rest or self._texts)


@lru_cache(maxsize=64)
def _cut(line: bytes) -> tuple[Reply, bool]:
    """What one line says, and whether it is the last of its reply. Most lines of a session are
    the same ones over and over."""
    if not line[:3].isdigit():
        raise Nonsense("what came is not SMTP")
    return Reply(int(line[:3]), line[4:].strip()), line[3:4] != b"-"
