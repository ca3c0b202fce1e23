"""Message authentication codes: they prove that this site made what it reads."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import blake2b

from django.conf import settings


class Mac:
    """Authentication codes for one `use` (16 letters at most), invalid for any other: `size` bytes,
    64 at most, that only who knows SECRET_KEY can make. When that is rotated, those of the keys in
    SECRET_KEY_FALLBACKS are still valid.

    Keyed BLAKE2b (RFC 7693), with the use as its personalization. The key is hashed in once.
    """

    def __init__(self, use: str, *, size: int) -> None:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        hashed = [blake2b(key.encode()).digest() for key in keys]
        self._keyed, *self._former = (
            blake2b(key=key, person=use.encode(), digest_size=size) for key in hashed
        )

    def sign(self, data: bytes) -> bytes:
        """Return the code of `data`. About 0.4 µs."""
        keyed = self._keyed.copy()
        keyed.update(data)
        return keyed.digest()

    def codes(self, data: bytes) -> Iterator[bytes]:
        """Yield every code of `data` that is valid, that of the newest key first."""
        for keyed in (self._keyed, *self._former):
            copy = keyed.copy()
            copy.update(data)
            yield copy.digest()

    def verify(self, data: bytes, mac: bytes) -> bool:
        """Return whether `mac` is a code of `data`, by the newest key or a former one."""
        return any(hmac.compare_digest(code, mac) for code in self.codes(data))
