"""The places of links in texts: carried along when texts are joined or cut, and cut into runs.

A link is an interval of a text. Texts are joined, mended and cut without a change to anything
but white space and hyphens, so that its place is found again by counting the other characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from msgspec.structs import replace

from pdf_reading.issue_text import Link, Passage, StoredPassage

SAFE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_UNCOUNTED = re.compile(r"[\s\-‐\u00ad]+")

Linked = tuple[str, Sequence[Link]]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `url` is the address that it leads to, or ""."""

    text: str
    url: str = ""

    @property
    def address(self) -> str:
        """The address as a text names it: without its scheme where that is `mailto:`; "" where
        the words name it already."""
        address = re.sub(r"^mailto:", "", self.url, flags=re.IGNORECASE)
        bare = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).rstrip("/")
        return "" if bare in self.text else address


def placed(text: str, pieces: Iterable[Linked]) -> tuple[Link, ...]:
    """Return the links of `pieces` where they stand in `text`, which is the pieces in order.

    White space and hyphens may differ, and it may end earlier: a link of which words are cut
    off is none. One that goes on in the next piece is one link.
    """
    pieces = list(pieces)
    if not any(links for _, links in pieces):
        return ()
    spots = [n for n, character in enumerate(text) if _counts(character)]
    found: list[Link] = []
    before = 0
    for piece, links in pieces:
        counts = [before, *accumulate(map(_counts, piece), initial=before)][1:]
        for link in links:
            first, last = counts[link.start], counts[link.stop] - 1
            if not first <= last < len(spots):
                continue
            here = replace(link, start=spots[first], stop=spots[last] + 1, part=0)
            if _bare(text[here.start : here.stop]) == _bare(piece[link.start : link.stop]):
                _append(found, here, text)
        before = counts[-1]
    return tuple(found)


def runs(text: str, links: Iterable[Link]) -> tuple[Run, ...]:
    """Cut `text` where links begin and end. Only http, https and mailto are links."""
    found: list[Run] = []
    at = 0
    for link in sorted(links, key=lambda one: one.start):
        if at <= link.start < link.stop <= len(text) and SAFE.match(link.url):
            found += [Run(text[at : link.start]), Run(text[link.start : link.stop], link.url)]
            at = link.stop
    found.append(Run(text[at:]))
    return tuple(run for run in found if run.text)


def linked_texts(passage: Passage | StoredPassage) -> list[Linked]:
    """Return the texts of a passage in the order that `Link.part` counts, each with its links."""
    return [
        (text, [link for link in passage.links if link.part == part])
        for part, text in enumerate(passage.texts)
    ]


def _counts(character: str) -> bool:
    return not _UNCOUNTED.match(character)


def _bare(text: str) -> str:
    return _UNCOUNTED.sub("", text)


def _append(found: list[Link], link: Link, text: str) -> None:
    """Add a link, or prolong the last one by it."""
    last = found[-1] if found else None
    if last and last.url == link.url and not _bare(text[last.stop : link.start]):
        found[-1] = replace(last, stop=max(last.stop, link.stop))
    else:
        found.append(link)
