"""Header fields as lines of ASCII, each ready for the wire without its final CRLF.

Values of people (names, headlines) are made harmless here: line breaks and control
characters become spaces, and what is not plain ASCII becomes encoded words (RFC 2047) that
begin on the field's first line. Addresses of the web are never encoded nor folded: mail
programs read them with a machine (RFC 2369, RFC 8058).
"""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

WIDTH = 76  # of a line with an encoded word (RFC 2047, section 2)

# Controls, lone surrogates, and the marks that turn the direction of what follows.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # a phrase without quotes (RFC 5322)


def one_line(value: str) -> str:
    """`value` without control characters, white space as single spaces."""
    return " ".join(_UNFIT.sub(" ", value).split())


def unstructured(name: str, value: str) -> str:
    """A field of free text, such as Subject."""
    text = one_line(value)
    if text.isascii() and "=?" not in text and len(name) + 2 + len(text) <= WIDTH:
        return f"{name}: {text}"
    return f"{name}: {_encoded(text, name)}"


def mailbox(name: str, address: str, *, called: str = "") -> str:
    """A field of one address, such as From; `called` is the name of who is there, if known."""
    return _phrase_and(name, called, f"<{_bare(address)}>")


def list_id(called: str, identifier: str) -> str:
    """List-Id (RFC 2919); `identifier` is like a host name: "weekly.example.org"."""
    return _phrase_and("List-Id", called, f"<{_bare(identifier)}>")


def message_id(key: str, *, domain: str) -> str:
    """The same `key` gives the same Message-ID, so that a second copy can be recognised."""
    return f"Message-ID: <{_bare(key)}@{_bare(domain)}>"


def date(at: datetime) -> str:
    """Date, in the time zone of `at`."""
    return f"Date: {format_datetime(at)}"


def one_click(url: str) -> list[str]:
    """The two fields by which a mail program leaves for its reader (RFC 8058)."""
    return [
        link("List-Unsubscribe", url),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def link(name: str, url: str) -> str:
    """A field of one web address (RFC 2369), on one line whatever its length."""
    return f"{name}: <{_bare(url)}>"


def feedback_id(*parts: str) -> str:
    """Feedback-ID: what Gmail counts complaints by, the sender last."""
    return "Feedback-ID: " + ":".join(_bare(part).replace(":", "") for part in parts)


def ascii_domain(address: str) -> str:
    """`address` with its domain as the DNS has it (IDNA); as it was where it has no such form."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name, maxlinelen=WIDTH).encode(linesep="\r\n")


def _phrase_and(name: str, called: str, rest: str) -> str:
    """`name: called rest`, folded before `rest` where the line would be too long."""
    text = one_line(called)
    if not text:
        return f"{name}: {rest}"
    line = f"{name}: {_phrase(text, name)}"
    last = len(line) - (line.rfind("\n") + 1)
    return f"{line} {rest}" if last + 1 + len(rest) <= WIDTH else f"{line}\r\n {rest}"


def _phrase(text: str, name: str) -> str:
    fits = len(name) + 4 + len(text) <= WIDTH
    if not (fits and text.isascii()) or "=?" in text:
        return _encoded(text, name)
    if _ATOMS.fullmatch(text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _bare(value: str) -> str:
    """What can stand between angle brackets: nothing that ends or breaks the field."""
    return re.sub(r"[<>\s]", "", _UNFIT.sub("", value))
