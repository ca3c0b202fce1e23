"""Tokens: 36 letters that stand in the site's addresses for a number, dated and sealed.

A token is 27 bytes in the letters of RFC 4648, section 5: the number (7 bytes), the second in
which it was made (4) and a seal of both (16). Letters and bytes are whole threes, and always as
many: so it is base64 of its own in a mail, whatever stands around it.
"""

from __future__ import annotations

import hmac
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple

from bulletin_site.sealing import Seal

_SEAL = 16
_SEALED = 11  # bytes: the number and the second
_SECOND = 32  # bits
_LETTERS = 36
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_+/", b"+/  ")


class BadToken(ValueError):
    """It was not made here for this use."""


class Made(NamedTuple):
    """What a token stands for, and when it was made, in seconds since 1970."""

    number: int
    at: int


class Stamp:
    """Makes and reads tokens for one `use` (see `bulletin_site.sealing`)."""

    def __init__(self, use: str) -> None:
        self._seal = Seal(use, size=_SEAL)

    def token(self, number: int, *, at: int) -> bytes:
        """The token of `number`, made in the second `at`. About 1 µs."""
        made = (number << _SECOND | at).to_bytes(_SEALED, "big")
        letters = b2a_base64(made + self._seal.of(made), newline=False)
        return letters.translate(_URL_SAFE)

    def read(self, token: str) -> Made:
        """What `token` stands for. Raises BadToken."""
        letters = token.encode("ascii", "replace")
        if len(letters) != _LETTERS:
            raise BadToken
        try:
            data = a2b_base64(letters.translate(_PLAIN), strict_mode=True)
        except ValueError as error:
            raise BadToken from error
        made, sealed = data[:_SEALED], data[_SEALED:]
        if not hmac.compare_digest(sealed, self._seal.of(made)):
            raise BadToken
        return Made(*divmod(int.from_bytes(made, "big"), 1 << _SECOND))
