"""Text to wire: base64 blocks that can be joined without being encoded again.

Three bytes are four letters of base64, and a line may be shorter than 76 letters (RFC 2045,
section 6.8). So a block is filled up with one or two spaces to whole threes, and one encoded
block after another is the encoding of one text after another. The spaces stand where nobody
sees them: before the block's last line break, or inside of a tag.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable

LINE = 57  # bytes that a line of 76 letters holds
_WIDTH = 76
_PADDING = (b"", b"  ", b" ")  # that fill up whole threes


def block(text: str) -> bytes:
    """Return `text` as base64 lines, each ended by CRLF; b"" for no text. At most two spaces are
    put at its end, before the line break if it ends with one."""
    data = text.encode()
    padding = _PADDING[len(data) % 3]
    if data.endswith(b"\r\n"):
        return _lines(data[:-2] + padding + b"\r\n")
    return _lines(data + padding)


def indented(text: str) -> bytes:
    """Return the same as `block`, with the spaces at the beginning of `text`."""
    data = text.encode()
    return _lines(_PADDING[len(data) % 3] + data)


def line(data: bytes) -> bytes:
    """Return `data`, which is whole threes and LINE bytes at most, as one line of base64."""
    return b2a_base64(data, newline=False) + b"\r\n"


def _lines(data: bytes) -> bytes:
    letters = b2a_base64(data, newline=False)
    if 0 < len(letters) <= _WIDTH:  # a greeting, an address: the most frequent case by far
        return letters + b"\r\n"
    lines = [letters[n : n + _WIDTH] for n in range(0, len(letters), _WIDTH)]
    return b"\r\n".join([*lines, b""])


def decoded(blocks: Iterable[bytes]) -> str:
    """Return the text of blocks that were joined, with the spaces between them."""
    return a2b_base64(b"".join(blocks)).decode()


def decoded_size(block: bytes) -> int:
    """Return how many bytes of text a block holds, in lines of LINE bytes but for the last."""
    lines = -(-len(block) // 78)
    return (len(block) - 2 * lines) * 3 // 4
