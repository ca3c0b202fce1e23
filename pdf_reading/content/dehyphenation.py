"""Dehyphenation: whether the hyphen at the end of a line was the typesetter's or the writer's.

The issue itself is the best dictionary: a word that stands elsewhere in one piece, or with its
hyphen inside a line, is written so here too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pdf_reading.glyphs.normalisation import SOFT_BREAK
from pdf_reading.issue_text import IssueText, Link, Passage
from pdf_reading.linking import placed

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_WORD = re.compile(rf"[^\W\d_]+(?:{SOFT_BREAK}[^\W\d_]+)+")


def dehyphenated(issue: IssueText) -> IssueText:
    """The issue with every broken word written as elsewhere in it."""
    if not any(SOFT_BREAK in text for text in _texts(issue)):
        return issue
    known = Counter(word for text in _texts(issue) for word in _WORD.findall(text.casefold()))

    def rejoin(text: str) -> str:
        return _BROKEN_WORD.sub(lambda word: _whole(word[0], known), text).replace(SOFT_BREAK, "")

    whole: IssueText = _with(issue, rejoin)
    return whole


def _whole(word: str, known: Counter[str]) -> str:
    joined, hyphenated = word.replace(SOFT_BREAK, ""), word.replace(SOFT_BREAK, "-")
    return hyphenated if known[hyphenated.casefold()] > known[joined.casefold()] else joined


def _texts(value: Any) -> Iterator[str]:
    """Every string in a frozen value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))


def _with(value: Any, rejoin: Callable[[str], str]) -> Any:
    """The frozen value with every string in it rejoined."""
    if isinstance(value, str):
        return rejoin(value)
    if isinstance(value, tuple):
        return tuple(_with(part, rejoin) for part in value)
    if isinstance(value, Struct):
        parts = {name: _with(getattr(value, name), rejoin) for name in value.__struct_fields__}
        whole: Any = replace(value, **parts)
        return _linked_as(value, whole) if isinstance(value, Passage) else whole
    return value


def _linked_as(passage: Passage, dehyphenated: Passage) -> Passage:
    """The dehyphenated passage with its links where their words stand now."""
    links: list[Link] = []
    for part, (before, text) in enumerate(zip(passage.texts, dehyphenated.texts, strict=True)):
        own = [link for link in passage.links if link.part == part]
        links += (replace(link, part=part) for link in placed(text, [(before, own)]))
    return replace(dehyphenated, links=tuple(links))
