"""The cost that DKIM adds to a message, beside dkimpy: `python -m benchmarks.signing`.

CPU milliseconds a message of about 120 KB, the best of seven rounds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from mail.dkim import keys
from mail.messages import encoding, headers
from mail.messages.message import alternative

ROUNDS = 7
TEXT = [encoding.block(words) for words in ("文字" * 3000, "https://example.org/", "文" * 1000)]
HTML = [encoding.block(words) for words in ("<p>文" * 1000, "https://x/", "<p>文字" * 7000)]
FIELDS = [
    headers.mailbox("From", "weekly@example.org", display_name="云泽科技周讯"),
    headers.mailbox("To", "ann@reader.example", display_name="安"),
    headers.unstructured("Subject", "湖区发布科学数据共享办法" * 3),
    headers.date(datetime(2026, 11, 24, tzinfo=UTC)),
    headers.message_id("20261124.1.1", domain="example.org"),
    *headers.one_click(f"https://example.org/leave/{'x' * 60}/", address="b+l7@example.org"),
    headers.list_id("云泽科技周讯", "yunze.example.org"),
]


def milliseconds(make: Callable[[], object], *, times: int) -> float:
    """CPU time of one `make`, the best round."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            make()
        rounds.append((time.process_time() - began) / times * 1000)
    return min(rounds)


def message() -> bytes:
    return b"".join(alternative(FIELDS, text=TEXT, html=HTML))


def main() -> None:
    """Print a table in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        rsa, ed25519 = Path(name, "rsa.pem"), Path(name, "ed25519.pem")
        keys.make_rsa(rsa)
        keys.make_ed25519(ed25519)
        settings.configure(DKIM_KEYS=[], DKIM_DOMAINS=["example.org"])
        unsigned = message()
        print("| | ms | times ours with RSA |\n| --- | --- | --- |")
        rows = {"joined, unsigned": milliseconds(message, times=1000)}
        for label, paths in (("RSA-2048", [rsa]), ("Ed25519", [ed25519]), ("both", [rsa, ed25519])):
            settings.DKIM_KEYS = paths
            rows[f"joined and signed, {label}"] = milliseconds(message, times=200)
        pem = keys.read(rsa).private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        rows["dkimpy, RSA-2048, the signature alone"] = milliseconds(
            lambda: dkim.sign(unsigned, b"rsa", b"example.org", pem), times=10
        )
        ours = rows["joined and signed, RSA-2048"]
        for label, cost in rows.items():
            print(f"| {label} | {cost:.3f} | {cost / ours:.2f} |")


if __name__ == "__main__":
    main()
