"""Seals: by them this site knows again what it wrote itself."""

from __future__ import annotations

import hmac
from hashlib import blake2b

from django.conf import settings


class Mac:
    """Seals for one `use` (16 letters at most), which are none for another: `size` bytes, 64 at
    most, that only who knows SECRET_KEY can make. Those of the keys in SECRET_KEY_FALLBACKS, by
    which it was once made, are still known.

    Keyed BLAKE2b (RFC 7693), with the use as its personalization. What the key makes of the hash
    is worked out once.
    """

    def __init__(self, use: str, *, size: int) -> None:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        hashed = [blake2b(key.encode()).digest() for key in keys]
        self._keyed, *self._former = (
            blake2b(key=key, person=use.encode(), digest_size=size) for key in hashed
        )

    def of(self, data: bytes) -> bytes:
        """The seal of `data`. About 0.4 µs."""
        keyed = self._keyed.copy()
        keyed.update(data)
        return keyed.digest()

    def verify(self, data: bytes, seal: bytes) -> bool:
        """Whether `seal` is one of `data`, by the newest key or a former one."""
        if hmac.compare_digest(self.of(data), seal):
            return True
        for former in self._former:
            keyed = former.copy()
            keyed.update(data)
            if hmac.compare_digest(keyed.digest(), seal):
                return True
        return False
