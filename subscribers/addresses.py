"""Email addresses as readers type them, and what two of them share that are one mailbox."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


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
