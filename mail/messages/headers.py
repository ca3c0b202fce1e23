"""Header fields as lines of ASCII, each ready for the wire without its final CRLF.

Values of people (names, headlines) are made harmless here: line breaks and control
characters become spaces, and what is not plain ASCII becomes encoded words
(`mail.messages.encoded_words`). Addresses of the web are never encoded nor folded: mail
programs read them with a machine (RFC 2369, RFC 8058).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

import idna

from mail.messages import encoded_words

WIDTH = 76  # of a line with an encoded word (RFC 2047, section 2)

# Controls, lone surrogates, and the marks that turn the direction of what follows.
_CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = re.compile(f"[{_CONTROLS}]+")
_UNSAFE_IN_BRACKETS = re.compile(rf"[<>\s{_CONTROLS}]+")  # what stands between angle brackets
_SAFE_IN_BRACKETS = re.compile(
    r"[!-;=?-~]*"
)  # the same the other way round, for ASCII: 4 times as fast
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # a phrase without quotes (RFC 5322)


def one_line(value: str) -> str:
    """Return `value` without control characters, white space as single spaces."""
    if value.isprintable() and "  " not in value:  # so are most, and it takes a fifth of the time
        return value.strip(" ")
    return " ".join(_UNSAFE.sub(" ", value).split())


def unstructured(name: str, value: str) -> str:
    """Return a field of free text, such as Subject."""
    text = one_line(value)
    lines = _folded(name, text.split(" "))
    if text.isascii() and "=?" not in text and max(map(len, lines)) <= WIDTH:
        return "\r\n".join(lines)
    return f"{name}: {_encoded(text, name)}"


def mailbox(name: str, address: str, *, display_name: str = "") -> str:
    """Return a field of one address, such as From; `display_name` is its owner's name, if known.

    ASCII, unless what is before the @ is not: such an address needs SMTPUTF8 (RFC 6531).
    """
    return _phrase_and(name, display_name, f"<{_safe_in_brackets(ascii_domain(address))}>")


def list_id(display_name: str, identifier: str) -> str:
    """Return List-Id (RFC 2919); `identifier` is like a host name: "weekly.example.org"."""
    return _phrase_and("List-Id", display_name, f"<{_safe_in_brackets(identifier)}>")


def message_id(key: str, *, domain: str) -> str:
    """Return Message-ID. The same `key` gives the same one, so that a second copy is recognised."""
    return f"Message-ID: <{_safe_in_brackets(key)}@{_safe_in_brackets(domain)}>"


def in_reply_to(key: str, *, domain: str) -> list[str]:
    """Return the fields that thread a message with the one whose Message-ID has that `key`
    (RFC 5322, section 3.6.4)."""
    earlier = f"<{_safe_in_brackets(key)}@{_safe_in_brackets(domain)}>"
    return [f"In-Reply-To: {earlier}", f"References: {earlier}"]


def date(at: datetime) -> str:
    """Return Date, in the time zone of `at`."""
    return f"Date: {format_datetime(at)}"


def one_click(url: str, *, address: str = "") -> list[str]:
    """Return the two fields by which a mail program unsubscribes its reader (RFC 8058). A program
    that does not know one-click writes to `address` instead, if there is one."""
    by_mail = f", <mailto:{_safe_in_brackets(address)}?subject=unsubscribe>" if address else ""
    return [
        f"{link('List-Unsubscribe', url)}{by_mail}",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def link(name: str, url: str) -> str:
    """Return a field of one URL (RFC 2369), on one line whatever its length."""
    return f"{name}: <{_safe_in_brackets(url)}>"


def feedback_id(*parts: str, sender: str) -> str:
    """Return Feedback-ID, by which Gmail counts complaints: three parts at most and then an id of
    the sender of 5 to 15 characters, here a hash of `sender`."""
    sender_id = hashlib.sha256(sender.encode()).hexdigest()[:12]
    return "Feedback-ID: " + ":".join(
        _safe_in_brackets(part).replace(":", "") for part in (*parts, sender_id)
    )


def ascii_domain(address: str) -> str:
    """Return `address` with its domain as the DNS has it (IDNA 2008); unchanged where it has no
    such form."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def _encoded(text: str, name: str) -> str:
    return encoded_words.encoded(text, room=WIDTH - len(name) - 2)


def _folded(name: str, words: Iterable[str]) -> list[str]:
    """Return `name: words` in lines of WIDTH, each but the first begun by a space. A word that is
    too long makes its line too long, and the first line always has a word."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) <= WIDTH or lines == [f"{name}:"]:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return lines


def _phrase_and(name: str, display_name: str, rest: str) -> str:
    """`name: called rest`, folded before `rest` where the line would be too long."""
    text = one_line(display_name)
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


def _safe_in_brackets(value: str) -> str:
    """Return what of `value` can stand between angle brackets: nothing that ends or breaks the
    field."""
    return value if _SAFE_IN_BRACKETS.fullmatch(value) else _UNSAFE_IN_BRACKETS.sub("", value)
