"""The commands before a message's text, and the text as it goes over the wire (RFC 5321)."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from bulletin_site.mail.transport.outcomes import Message, Refused

_DOT = re.compile(rb"^\.", re.MULTILINE)
_UNFIT = re.compile(r"[\x00-\x20\x7f<>]")
END = b".\r\n"

Commands = tuple[bytes, bytes, bytes]


def envelope(message: Message, *, extensions: Container[str]) -> Commands | Refused:
    """MAIL, RCPT and DATA for `message`, or why this server cannot be asked: an address that is not
    ASCII where SMTPUTF8 (RFC 6531) is not offered, or one that would break the command."""
    sender, recipient = message.sender, message.recipient
    if _UNFIT.search(sender + recipient) or not recipient:
        return Refused("an address that no mail server would understand")
    options = ""
    if not message.pieces[0].isascii() and "8BITMIME" in extensions:
        options = " BODY=8BITMIME"  # RFC 6152
    if not (sender.isascii() and recipient.isascii()):
        if "SMTPUTF8" not in extensions:
            return Refused("SMTPUTF8 (RFC 6531)?")
        options += " SMTPUTF8"
    return (
        f"MAIL FROM:<{sender}>{options}\r\n".encode(),
        f"RCPT TO:<{recipient}>\r\n".encode(),
        b"DATA\r\n",
    )


def stuffed(pieces: Sequence[bytes]) -> Sequence[bytes]:
    """A message's pieces with a dot before each line that begins with one (section 4.5.2), and a
    line end. Only the first one can have such lines, or lack the end."""
    first = pieces[0]
    if first.endswith(b"\r\n") and not first.startswith(b".") and b"\n." not in first:
        return pieces
    if not first.endswith(b"\r\n"):
        first += b"\r\n"
    return [_DOT.sub(b"..", first), *pieces[1:]]
