"""Addresses printed in a text, of the web and of mail: links without an annotation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pdf_reading.issue_text import Link

_ALLOWED = {"http", "https", "mailto"}
_PRINTED = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_TRAILING = ".,;:!?'\"*"


def printed(text: str) -> list[Link]:
    """The addresses printed in a text."""
    found = []
    for match in _PRINTED.finditer(text):
        words = _trimmed(match[0])
        url = words if "://" in words else f"https://{words}"
        found.append(Link(0, match.start(), match.start() + len(words), url))
    found += [Link(0, *match.span(), f"mailto:{match[0]}") for match in _EMAIL.finditer(text)]
    return [link for link in found if safe(link.url)]


def beside(text: str, links: Iterable[Link]) -> list[Link]:
    """The addresses printed in a text, each once, but for those that share words with `links`."""
    taken = list(links)
    found: list[Link] = []
    for link in printed(text):
        if not any(overlap(link, other) for other in taken):
            taken.append(link)
            found.append(link)
    return found


def overlap(one: Link, other: Link) -> bool:
    """Return whether two links of a text share words."""
    return one.start < other.stop and other.start < one.stop


def safe(url: str) -> bool:
    """Return whether an address is one of the web or of mail, and not `javascript:` or `file:`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in _ALLOWED and bool(parts.netloc or parts.path)


def _trimmed(words: str) -> str:
    words = words.rstrip(_TRAILING)
    while words.endswith(")") and words.count(")") > words.count("("):
        words = words[:-1].rstrip(_TRAILING)
    return words
