"""The commands before a message's text, and the text with its dots stuffed (RFC 5321)."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from mail.outcomes import Message, Rejected

_DOT = re.compile(rb"^\.", re.MULTILINE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")
END_OF_TEXT = b".\r\n"


def envelope(message: Message, *, extensions: Container[str]) -> bytes | Rejected:
    """Return MAIL, RCPT and DATA for `message`, a line each, or Rejected: for an address that is
    not ASCII where SMTPUTF8 (RFC 6531) is not offered, or one that would break the command."""
    sender, recipient = message.sender, message.recipient
    if not recipient or _UNSAFE.search(sender + recipient):
        return Rejected("an address that no mail server would understand")
    options = ""
    if not message.pieces[0].isascii() and "8BITMIME" in extensions:
        options = " BODY=8BITMIME"  # RFC 6152
    if not (sender.isascii() and recipient.isascii()):
        if "SMTPUTF8" not in extensions:
            return Rejected("SMTPUTF8 (RFC 6531)?")
        options += " SMTPUTF8"
    return f"MAIL FROM:<{sender}>{options}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()


def dot_stuffed(pieces: Sequence[bytes]) -> Sequence[bytes]:
    """Return a message's pieces with a dot before each line that begins with one (section 4.5.2),
    and a line end. Only the first one can have such lines, or lack the end."""
    first = pieces[0]
    # `rfind`, because `in` takes three times as long.
    if first.endswith(b"\r\n") and not first.startswith(b".") and first.rfind(b"\n.") < 0:
        return pieces
    ended = first if first.endswith(b"\r\n") else first + b"\r\n"
    return [_DOT.sub(b"..", ended), *pieces[1:]]
