"""Email addresses as readers type them, and what two of them share that are one mailbox."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# An address whose part before the @ needs no closer look: letters and figures of ASCII, with single
# signs between them, and short enough for every limit of length.
_PLAIN = re.compile(r"([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@([A-Za-z0-9.-]{1,100})", re.ASCII)
_PLAIN_LENGTH = 60


class NotAnAddress(ValueError):
    """No mail can be sent to this text."""


class NotSupported(NotAnAddress):
    """An address, but with other than ASCII letters before the @ (RFC 6531)."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of ASCII letters, at most 254 of them, fit to stand in a header.

    `text` is what mail is sent to; `key` is the same for two spellings of one mailbox.
    """

    text: str
    key: str


def parse(text: str) -> Address:
    """The address that `text` means. Raises NotAnAddress, NotSupported. Asks no name server.

    Full-width letters, as a Chinese keyboard gives them, are read as what they stand for, and
    the domain is written in its ASCII form (IDNA 2008). RFC 5321 lets a local part be told
    apart by case, but no large mail server does: the key ignores it.
    """
    plain = _PLAIN.fullmatch(text.strip())
    if plain and len(plain[1]) <= _PLAIN_LENGTH:
        whole = f"{plain[1]}@{_domain(plain[2])}"
        return Address(whole, whole.casefold())
    return _parsed(text)


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    """The domain as it is written in an address. Of a list of readers most have one of a few."""
    return _parsed(f"a@{text}").text.partition("@")[2]


def _parsed(text: str) -> Address:
    try:
        found = validate_email(
            unicodedata.normalize("NFKC", text.strip()), check_deliverability=False, strict=True
        )
    except EmailNotValidError as error:
        raise NotAnAddress from error
    if found.smtputf8:  # few mail servers take SMTPUTF8
        raise NotSupported
    ascii_text = found.ascii_email
    if ascii_text is None:
        raise NotAnAddress
    return Address(ascii_text, ascii_text.casefold())
