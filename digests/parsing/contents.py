"""The printed table of contents: which lines it is, and the entries it lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from digests.parsing.letters import joined
from digests.parsing.lines import Face, Line
from digests.parsing.wording import opens_contents

LAST_PAGE = 12
_LEADER = r"(?:\s*[.·…．・•⋯‥_─\-—]{2,}[\s.·…．・•⋯‥]*)"
_NUMBERED = re.compile(
    rf"(?P<title>.*?\S)(?:{_LEADER}|[\s.…·]+|(?<=\D))(?P<page>\d{{1,4}})\s*", re.DOTALL
)
_NAMED = re.compile(
    r"(?P<title>.*?\S)[,，]?\s+(?:page|pg?\.)\s*(?P<page>\d{1,3})\s*", re.IGNORECASE
)
_LEADING = re.compile(r"(?:p\.?\s*)?(?P<page>\d{1,3})\s+(?P<title>\S.*)", re.IGNORECASE | re.DOTALL)
_DOTS = re.compile(rf"{_LEADER}\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A title in the contents. `folio` is the number printed beside it, `page` the page of the
    file where a link or the folio leads; 0 when unknown. `level` is 0 for the outermost."""

    title: str
    folio: int
    page: int
    level: int
    face: Face
    left: float


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries, and which lines they were read from."""

    entries: tuple[Entry, ...] = ()
    lines: frozenset[int] = frozenset()


def contents_of(lines: Sequence[Line], *, offset: int | None) -> Contents:
    """Reads the first contents list of an issue. `offset` turns a folio into a page."""
    start = next((i for i, line in enumerate(lines) if _opens(line)), None)
    if start is None:
        return Contents()
    end = _end(lines, start + 1)
    listed = lines[start + 1 : end]
    entries = [_placed(entry, offset) for entry in _entries(listed)]
    if len(entries) < 2:
        return Contents()
    return Contents(tuple(_levelled(entries)), frozenset(id(x) for x in lines[start:end]))


def _opens(line: Line) -> bool:
    return line.page <= LAST_PAGE and opens_contents(line.text)


def _end(lines: Sequence[Line], start: int) -> int:
    """Just after the last entry: two misses in a row on a new page, or four anywhere, end it."""
    end, misses = start, 0
    for index in range(start, len(lines)):
        line = lines[index]
        if _is_entry(line):
            end, misses = index + 1, 0
        else:
            misses += 1
        new_page = line.page != lines[max(end - 1, 0)].page
        if misses >= (2 if new_page else 5):
            break
    return end


def _is_entry(line: Line) -> bool:
    if line.target and line.target != line.page:
        return True
    if _NAMED.fullmatch(line.text):
        return True
    match = _NUMBERED.fullmatch(line.text)
    if not match:
        return False
    # "in 2022" also ends in a number: an entry's number stands at the right edge or has a leader.
    return bool(re.search(_LEADER + r"\d", line.text)) or line.box.x1 >= line.right - 6


def _entries(lines: Sequence[Line]) -> list[Entry]:
    """A title may take several lines; its page number stands on the last of them."""
    foliated = any(_split(line)[1] for line in lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, foliated=foliated):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_entry(group) for group in groups]


def _split(line: Line) -> tuple[str, int]:
    """The words of a line and the page number printed beside them; 0 for none."""
    if match := _NAMED.fullmatch(line.text):
        return match["title"], int(match["page"])
    if match := _NUMBERED.fullmatch(line.text):
        return _DOTS.sub("", match["title"]).strip(" .…·"), int(match["page"])
    if match := _LEADING.fullmatch(line.text):
        return match["title"].strip(), int(match["page"])
    return _DOTS.sub("", line.text).strip(), 0


def _entry(lines: Sequence[Line]) -> Entry:
    title, folio = "", 0
    for line in lines:
        words, number = _split(line)
        title, folio = joined(title, words), number or folio
    target = max(line.target for line in lines)
    return Entry(title, folio, target, 0, lines[0].face, lines[0].box.x0)


def _goes_on(group: Sequence[Line], line: Line, *, foliated: bool) -> bool:
    """A title goes on in the same type, when its line is full or leads to the same page, and
    has no page number yet."""
    last = group[-1]
    if last.face != line.face or last.page != line.page or _split(last)[1]:
        return False
    full = last.box.x1 > last.right - 3.5 * last.face.size
    return full or (foliated and bool(last.target) and last.target == line.target)


def _placed(entry: Entry, offset: int | None) -> Entry:
    if entry.page or not entry.folio or offset is None:
        return entry
    return replace(entry, page=entry.folio + offset)


def _levelled(entries: Sequence[Entry]) -> list[Entry]:
    """Two levels at most: above stands the kind without page numbers, or in larger or bolder
    type, or further left, if it does not stand alone."""
    kinds = Counter(map(_kind, entries))
    above = min((kind for kind in kinds if kinds[kind] > 1), default=min(kinds))
    return [replace(entry, level=int(_kind(entry) != above)) for entry in entries]


def _kind(entry: Entry) -> tuple[bool, float, bool, int]:
    indent = round(entry.left / (1.6 * entry.face.size))
    return (bool(entry.folio), -entry.face.size, not entry.face.bold, indent)
