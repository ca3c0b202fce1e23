"""Seals: by them this site knows again what it wrote itself."""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings


class Seal:
    """Seals for one `use` (16 letters at most), which are none for another: `size` bytes, 64 at
    most, that only who knows SECRET_KEY can make.

    Keyed BLAKE2b (RFC 7693), with the use as its personalization. What the key makes of the hash
    is worked out once.
    """

    def __init__(self, use: str, *, size: int) -> None:
        key = blake2b(settings.SECRET_KEY.encode()).digest()
        self._keyed = blake2b(key=key, person=use.encode(), digest_size=size)

    def of(self, data: bytes) -> bytes:
        """The seal of `data`. About 0.4 µs."""
        keyed = self._keyed.copy()
        keyed.update(data)
        return keyed.digest()
