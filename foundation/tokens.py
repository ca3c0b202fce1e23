"""Tokens: 36 letters that stand in the site's URLs for a row, dated and signed.

A token is 27 bytes in the letters of RFC 4648, section 5: the row's number (6 bytes) and its link
key (4, `foundation.link_keys`), the second in which the token was made (4) and a MAC of all
that (13). Letters and bytes are whole threes, and always as many: so it is base64 of its own in a
mail, whatever stands around it.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from struct import Struct
from typing import NamedTuple

from foundation.signing import Mac

_PACKED = Struct(">QII")
_FREE = 2  # bytes in front that no number needs
_MAC_BYTES = 13
_SIGNED_BYTES = _PACKED.size - _FREE
_LETTERS = 36
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_+/", b"+/  ")


class BadToken(ValueError):
    """The token was not made here for this use."""


class TokenPayload(NamedTuple):
    """The row that a token stands for, and when it was made, in seconds since 1970."""

    number: int
    link_key: int
    at: int


class TokenSigner:
    """Makes and reads tokens for one `use` (see `foundation.signing`)."""

    def __init__(self, use: str) -> None:
        self._mac = Mac(use, size=_MAC_BYTES)

    def token(self, number: int, link_key: int, *, at: int) -> bytes:
        """Return the token of the row `number`, made in the second `at`. About 1 µs."""
        made = _PACKED.pack(number, link_key, at)[_FREE:]
        letters = b2a_base64(made + self._mac.sign(made), newline=False)
        return letters.translate(_URL_SAFE)

    def read(self, token: str) -> TokenPayload:
        """Return what `token` stands for. Raises BadToken."""
        letters = token.encode("ascii", "replace")
        if len(letters) != _LETTERS:
            raise BadToken
        try:
            data = a2b_base64(letters.translate(_PLAIN), strict_mode=True)
        except ValueError as error:
            raise BadToken from error
        made, mac = data[:_SIGNED_BYTES], data[_SIGNED_BYTES:]
        if not self._mac.verify(made, mac):
            raise BadToken
        return TokenPayload(*_PACKED.unpack(bytes(_FREE) + made))
