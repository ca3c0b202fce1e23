"""Links: annotations with the words that they cover, and addresses printed in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from digests.parsing.letters import joined
from digests.text import Link

_ALLOWED = {"http", "https", "mailto"}
_PRINTED = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_TRAILING = ".,;:!?'\"*"


def links_of(covered: Iterable[tuple[str, str]], texts: Iterable[str]) -> tuple[Link, ...]:
    """The links of an article: annotations first, then addresses no annotation leads to."""
    found: list[Link] = []
    last = ""
    for words, url in covered:
        if url == last:
            found[-1] = Link(joined_words(found[-1].text, words), url)
        elif safe(url):
            found.append(Link(words, url))
            last = url
    unique = {link.url: link for link in reversed(found)}
    links = list(dict.fromkeys(unique[link.url] for link in found))
    known = {_bare(link.url) for link in links}
    for url, words in (pair for text in texts for pair in printed(text)):
        if not any(one.startswith(_bare(url)) for one in known):
            known.add(_bare(url))
            links.append(Link(words, url))
    return tuple(links)


def joined_words(first: str, second: str) -> str:
    """The words of a link over two lines; an address has no space in it."""
    if re.match(r"(?:https?://|www\.)\S*$", first):
        return first + second
    return joined(first, second)


def printed(text: str) -> list[tuple[str, str]]:
    """Addresses in a text, each as the link to open and the words as printed."""
    found = []
    for match in _PRINTED.finditer(text):
        words = _trimmed(match[0])
        found.append((words if "://" in words else f"https://{words}", words))
    found += [(f"mailto:{match[0]}", match[0]) for match in _EMAIL.finditer(text)]
    return [(url, words) for url, words in found if safe(url)]


def safe(url: str) -> bool:
    """Only web and mail addresses: `javascript:` and `file:` are never passed on."""
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


def _bare(url: str) -> str:
    return re.sub(r"^(?:https?://|mailto:)", "", url).rstrip("/").casefold()
