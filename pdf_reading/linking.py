"""Where links stand in texts: carried along when texts are joined or cut, and cut into runs.

A link is an interval of a text. Texts are joined, mended and cut without a change to anything
but white space and hyphens, so that its place is found again by counting the other characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from pdf_reading.issue_text import Link

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
    """The links of `pieces` where they stand in `text`, which is the pieces in order.

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
    """`text` cut where links begin and end. Only http, https and mailto are links."""
    found: list[Run] = []
    at = 0
    for link in sorted(links, key=lambda one: one.start):
        if at <= link.start < link.stop <= len(text) and SAFE.match(link.url):
            found += [Run(text[at : link.start]), Run(text[link.start : link.stop], link.url)]
            at = link.stop
    found.append(Run(text[at:]))
    return tuple(run for run in found if run.text)


def texts(passage: Mapping[str, Any]) -> list[str]:
    """The texts of a passage of `digests.models.Article`, in the order that `Link.part` counts."""
    match passage["kind"]:
        case "list":
            return list(passage["entries"])
        case "table":
            return [passage["text"], *(cell for row in passage["rows"] for cell in row)]
    return [passage["text"]]


def links_in(passage: Mapping[str, Any], *, part: int = 0) -> list[Link]:
    """The links in one of the texts of a passage of `digests.models.Article`."""
    return [link for link in from_json(passage.get("links", ())) if link.part == part]


def to_json(links: Iterable[Link]) -> list[dict[str, Any]]:
    """Links as JSON, as passages keep them."""
    return [
        {"part": link.part, "start": link.start, "stop": link.stop, "url": link.url}
        for link in links
    ]


def from_json(records: Iterable[Mapping[str, Any]]) -> list[Link]:
    """The links again. Raises KeyError or TypeError for anything else."""
    return [Link(one["start"], one["stop"], one["url"], one["part"]) for one in records]


def _counts(character: str) -> bool:
    return not _UNCOUNTED.match(character)


def _bare(text: str) -> str:
    return _UNCOUNTED.sub("", text)


def _append(found: list[Link], link: Link, text: str) -> None:
    """Adds a link, or lets the last one go on with it."""
    last = found[-1] if found else None
    if last and last.url == link.url and not _bare(text[last.stop : link.start]):
        found[-1] = replace(last, stop=max(last.stop, link.stop))
    else:
        found.append(link)
