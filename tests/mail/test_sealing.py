"""The seal that is worked out once per key is the one of the standard library."""

from __future__ import annotations

import hmac

import pytest

from bulletin_site.sealing import Seal


@pytest.mark.parametrize("key", [b"", b"short", bytes(range(32)), b"x" * 64])
def test_it_seals_as_hmac_does(key: bytes) -> None:
    seal = Seal(key)
    for text in (b"", b"MTIz:1abcde", b"long " * 100):
        assert seal.of(text) == hmac.digest(key, text, "sha256")
