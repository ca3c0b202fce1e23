"""Keys for DKIM, and the DNS in which verifiers look them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import dkim

from mail.dkim import keys as dkim_keys


def verified(data: bytes, records: dict[bytes, bytes], *, signature: int = 0) -> bool:
    """Whether dkimpy finds a signature right, where the DNS has these TXT records."""

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return records[name]

    try:
        return bool(dkim.DKIM(data).verify(idx=signature, dnsfunc=txt))
    except dkim.ValidationError:
        return False


@dataclass
class Keys:
    """Keys for `example.org`; `records` are the TXT records that the command tells to publish."""

    folder: Path
    records: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, selector: str, *, ed25519: bool = False) -> Path:
        path = self.folder / f"{selector}.pem"
        (dkim_keys.make_ed25519 if ed25519 else dkim_keys.make_rsa)(path)
        name = f"{selector}._domainkey.example.org."
        self.records[name.encode()] = dkim_keys.dns_record(dkim_keys.read(path)).encode()
        return path

    def verify(self, data: bytes, *, signature: int = 0) -> bool:
        """Whether the signature of that number is right."""
        return verified(data, self.records, signature=signature)
