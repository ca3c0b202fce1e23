"""The commands before a message's text, and the text as it goes over the wire (RFC 5321)."""

from __future__ import annotations

import re
from collections.abc import Container

from bulletin_site.mail.transport.outcomes import Message, Refused

_DOT = re.compile(rb"^\.", re.MULTILINE)
_UNFIT = re.compile(r"[\x00-\x20\x7f<>]")
END = b".\r\n"

Commands = tuple[bytes, bytes, bytes]


def envelope(message: Message, *, extensions: Container[str]) -> Commands | Refused:
    """MAIL, RCPT and DATA for `message`, or why this server cannot be asked: an address that is not
    ASCII where SMTPUTF8 (RFC 6531) is not offered, or one that would break the command."""
    sender, recipient = message.sender, message.recipient
    if _UNFIT.search(sender) or _UNFIT.search(recipient) or not recipient:
        return Refused("an address that no mail server would understand")
    options = ""
    if not message.data.isascii() and "8BITMIME" in extensions:
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


def stuffed(data: bytes) -> bytes:
    """`data` with a dot before each line that begins with one (section 4.5.2), and a line end."""
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    # A text in base64 has dots in its header only, and one byte is found 20 times as fast as two.
    last = data.rfind(b".")
    if last >= 0 and (data.startswith(b".") or data.find(b"\n.", 0, last + 1) >= 0):
        return _DOT.sub(b"..", data)
    return data
