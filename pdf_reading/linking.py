"""The places of links and emphasis in texts: carried along when texts are joined or cut, and cut
into runs.

Each is an interval of a text. Texts are joined, mended and cut without a change to anything
but white space and hyphens, so that its place is found again by counting the other characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TypeVar
from urllib.parse import quote

from msgspec.structs import replace

from pdf_reading.issue_text import Emphasis, Link, Mark, Passage, StoredPassage

SAFE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")
_UNCOUNTED = re.compile(r"[\s\-‐\u00ad]+")

Span = TypeVar("Span", Link, Mark)


@dataclass(frozen=True, slots=True)
class RichText:
    """A text with its links and marks, all of them of part 0."""

    text: str
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one emphasis."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `url` is the address that it leads to, or "". Its `pieces` are emphasised
    differently; one without emphasis has none."""

    text: str
    url: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def address(self) -> str:
        """The address as a text names it: without its scheme where that is `mailto:`; "" where
        the words name it already."""
        address = re.sub(r"^mailto:", "", self.url, flags=re.IGNORECASE)
        bare = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).rstrip("/")
        return "" if bare in self.text else address


def placed(text: str, pieces: Iterable[tuple[str, Sequence[Span]]]) -> tuple[Span, ...]:
    """Return the links or marks of `pieces` where they stand in `text`, which is the pieces in
    order.

    White space and hyphens may differ, and it may end earlier: a link of which words are cut
    off is none. One that goes on in the next piece is one link.
    """
    given: list[tuple[str, Sequence[Span]]] = list(pieces)
    if not any(spans for _, spans in given):
        return ()
    spots = [n for n, character in enumerate(text) if _counts(character)]
    found: list[Span] = []
    before = 0
    for piece, spans in given:
        counts = _counted(piece, before)
        for span in spans:
            first, last = counts[span.start], counts[span.stop] - 1
            if not first <= last < len(spots):
                continue
            here = replace(span, start=spots[first], stop=spots[last] + 1, part=0)
            if _bare(text[here.start : here.stop]) == _bare(piece[span.start : span.stop]):
                _append(found, here, text)
        before = counts[-1]
    return tuple(found)


def runs(text: str, links: Iterable[Link], marks: Iterable[Mark] = ()) -> tuple[Run, ...]:
    """Cut `text` where links begin and end. Only http, https and mailto are links."""
    marks = tuple(marks)
    found: list[Run] = []
    at = 0
    for link in live(text, links):
        found += [_run(text, at, link.start, marks)]
        found += [_run(text, link.start, link.stop, marks, url=link.url)]
        at = link.stop
    found.append(_run(text, at, len(text), marks))
    return tuple(run for run in found if run.text)


def live(text: str, links: Iterable[Link]) -> list[Link]:
    """Return the links of a text that are shown: in order, those within it that lead to http, https
    or mailto, and of two that overlap the first."""
    found: list[Link] = []
    at = 0
    for link in sorted(links, key=lambda one: one.start):
        if at <= link.start < link.stop <= len(text) and SAFE.match(link.url):
            found.append(link)
            at = link.stop
    return found


def rich_texts(passage: Passage | StoredPassage) -> list[RichText]:
    """Return the texts of a passage in the order that `Link.part` and `Mark.part` count."""
    return [
        RichText(text, _of(passage.links, part), _of(passage.marks, part))
        for part, text in enumerate(passage.texts)
    ]


def tidy(rich: RichText) -> RichText:
    """Return a text with its links and marks in their one order: within the text, which has no
    white space around it; none empty, none twice; of marks of one kind none touch, and each link
    has words."""
    text = rich.text.replace("\r", " ")
    start = len(text) - len(text.lstrip())
    text = text.strip()
    links = (_moved(link, -start, stop=len(text)) for link in rich.links)
    marks: list[Mark] = []
    for mark in sorted((_moved(one, -start, stop=len(text)) for one in rich.marks), key=_order):
        last = marks[-1] if marks else None
        if last and last.kind == mark.kind and mark.start <= last.stop:
            marks[-1] = replace(last, stop=max(last.stop, mark.stop))
        elif mark.start < mark.stop:
            marks.append(mark)
    shown = (
        replace(link, url=_BLANK.sub(_quoted, link.url))
        for link in live(text, links)
        if text[link.start : link.stop].strip()
    )
    return RichText(text, tuple(shown), tuple(sorted(marks, key=lambda one: one.start)))


def _moved(span: Span, by: int, *, stop: int) -> Span:
    return replace(span, start=max(span.start + by, 0), stop=min(span.stop + by, stop), part=0)


def _order(mark: Mark) -> tuple[str, int]:
    return mark.kind, mark.start


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0])


def _of(spans: Iterable[Span], part: int) -> tuple[Span, ...]:
    return tuple(replace(span, part=0) for span in spans if span.part == part)


def _run(text: str, start: int, stop: int, marks: Sequence[Mark], *, url: str = "") -> Run:
    inside = [one for one in marks if one.start < stop and one.stop > start]
    ends = {start, stop, *(max(one.start, start) for one in inside)}
    cuts = sorted({*ends, *(min(one.stop, stop) for one in inside)})
    pieces = tuple(_piece(text, *cut, inside) for cut in pairwise(cuts)) if inside else ()
    return Run(text[start:stop], url, pieces)


def _piece(text: str, start: int, stop: int, marks: Iterable[Mark]) -> Piece:
    kinds = {one.kind for one in marks if one.start <= start and stop <= one.stop}
    return Piece(text[start:stop], Emphasis.BOLD in kinds, Emphasis.ITALIC in kinds)


def _counted(text: str, before: int) -> list[int]:
    """Return how many characters count before each of a text, and before its end."""
    return list(accumulate(map(_counts, text), initial=before))


def _counts(character: str) -> bool:
    return not _UNCOUNTED.match(character)


def _bare(text: str) -> str:
    return _UNCOUNTED.sub("", text)


def _append(found: list[Span], span: Span, text: str) -> None:
    """Add a link or a mark, or prolong the last one by it."""
    last = found[-1] if found else None
    alike = last and replace(last, start=span.start, stop=span.stop) == span
    if last and alike and not _bare(text[last.stop : span.start]):
        found[-1] = replace(last, stop=max(last.stop, span.stop))
    else:
        found.append(span)
