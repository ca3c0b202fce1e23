"""An authenticator app (RFC 6238), written apart from the one that is tested."""

from __future__ import annotations

import base64
import hmac
import time


def code(secret: str, *, steps: int = 0) -> str:
    """Return what an app with `secret` shows, so many half minutes from now."""
    step = (int(time.time()) // 30 + steps).to_bytes(8, "big")
    mac = hmac.digest(base64.b32decode(secret), step, "sha1")
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
