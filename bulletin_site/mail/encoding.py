"""Text to wire: base64 blocks that can be joined without being encoded again.

A base64 line of 76 characters holds 57 bytes (RFC 2045, section 6.8). A block is filled up
with spaces to whole lines, so that one encoded block after another is the encoding of one
text after another. The spaces stand where nobody sees them: at the block's end, before its
line break if it ends with one.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable

LINE = 57


def padded(text: str) -> bytes:
    """UTF-8 of `text`, filled up with spaces to a multiple of LINE bytes."""
    data = text.encode()
    spaces = b" " * (-len(data) % LINE)
    return data[:-2] + spaces + b"\r\n" if data.endswith(b"\r\n") else data + spaces


def block(text: str) -> bytes:
    """`text` as whole base64 lines of 76 characters, each ended by CRLF; b"" for no text."""
    encoded = b2a_base64(padded(text), newline=False)
    return b"".join(encoded[n : n + 76] + b"\r\n" for n in range(0, len(encoded), 76))


def decoded(blocks: Iterable[bytes]) -> str:
    """The text of blocks that were joined, with the spaces between them."""
    return a2b_base64(b"".join(blocks)).decode()
