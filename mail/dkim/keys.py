"""DKIM keys: generated, read, and as DNS records. A key's file is named by its selector."""

from __future__ import annotations

import os
from base64 import b64encode
from functools import cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

RSA_BITS = 2048  # what receivers ask for, and the most that all of them take

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class UnreadableKey(Exception):
    """A file holds no key for DKIM. The message says which and why."""


@cache
def read(path: Path) -> PrivateKey:
    """Return the private key in a PEM file without a password: RSA of RSA_BITS or more, or Ed25519.

    Raises UnreadableKey.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKey(f"{path}: {error}") from error
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, RSAPrivateKey) and key.key_size >= RSA_BITS:
        return key
    raise UnreadableKey(f"{path}: neither RSA of {RSA_BITS} bits nor Ed25519")


def make_rsa(path: Path) -> None:
    """Write a new RSA key. Raises FileExistsError where there is a file."""
    _write(path, rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS))


def make_ed25519(path: Path) -> None:
    """Write a new Ed25519 key. Raises FileExistsError where there is a file."""
    _write(path, Ed25519PrivateKey.generate())


def dns_record(key: PrivateKey) -> str:
    """Return the TXT record of the key's selector (RFC 6376, section 3.6.1)."""
    if isinstance(key, Ed25519PrivateKey):
        return f"v=DKIM1; k=ed25519; p={b64encode(key.public_key().public_bytes_raw()).decode()}"
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def zone_line(selector: str, domain: str, key: PrivateKey) -> str:
    """Return the record as a zone file has it: in strings of 255 characters at most (RFC 1035)."""
    text = dns_record(key)
    strings = " ".join(f'"{text[n : n + 250]}"' for n in range(0, len(text), 250))
    return f"{selector}._domainkey.{domain}. IN TXT ( {strings} )"


def _write(path: Path, key: PrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
