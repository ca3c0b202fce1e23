"""The printed contents: their lines, and the entries that they list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import ends_a_sentence, opens_contents, opens_list_of_figures
from pdf_reading.structure.reprinted import comparable, places_of_words

LAST_PAGE = 12
_LEADER = r"(?:\s*[.·…．・•⋯‥_─\-—]{2,}[\s.·…．・•⋯‥]*)"
_NUMBERED = re.compile(
    rf"(?P<title>.*?\S)(?:{_LEADER}|[\s.…·]+|(?<=\D))(?P<page>\d{{1,4}})\s*", re.DOTALL
)
_NAMED = re.compile(
    r"(?P<title>.*?\S)[,，]?\s+(?:page|pg?\.)\s*(?P<page>\d{1,3})\s*", re.IGNORECASE
)
# A leader may lead to who wrote it; the pages then stand behind the title, or nowhere.
_CREDIT = re.compile(r"(?<=[^\s.·…_\-—])\s*[.·…．・•⋯‥_─\-—]{4,}\s*[^\W\d][^\d.…·]{1,39}$")
_BRACKETED = re.compile(
    r"(?P<title>.*?\S)\s*[(（](?P<page>\d{1,4})(?:\s*[-–—~～、]\s*\d{1,4})?[)）]?", re.DOTALL
)
_LEADING = re.compile(r"(?:p\.?\s*)?(?P<page>\d{1,3})\s+(?P<title>\S.*)", re.IGNORECASE | re.DOTALL)
_FOLIO = re.compile(rf"{_LEADER}?\s*(?P<page>\d{{1,4}})\s*")  # for which a line had no room
_NO_FOLIO = "\ufffc"  # stands behind a line whose number is no page
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


def contents_of(lines: Sequence[Line], *, offset: int | None, body: Face) -> Contents:
    """Read the first contents of an issue. `offset` turns a folio into a page, `body` is the type
    of the text."""
    opening = next((i for i in range(len(lines)) if _opens(lines[i : i + 2])), None)
    if opening is None:
        return Contents()
    start = opening + (not opens_contents(lines[opening].text))
    printed = places_of_words(lines)
    end = _end(lines, start + 1, printed=printed, body=body)
    shown = _without_kicker(lines[start + 1 : end])
    end = start + 1 + len(shown)
    listed = _without_figures(shown)
    titles = {words for words, (first, last) in printed.items() if first < start or last >= end}
    entries = [_placed(entry, offset) for entry in _entries(listed, titles)]
    if len(entries) < 2:
        return Contents()
    return Contents(tuple(_levelled(entries)), frozenset(id(x) for x in lines[opening:end]))


def _without_figures(lines: Sequence[Line]) -> list[Line]:
    """The lines of the contents above a list of figures: what that names heads no article."""
    return list(takewhile(lambda line: not opens_list_of_figures(line.text), lines))


def _opens(lines: Sequence[Line]) -> bool:
    """Whether the first of these lines, or both as one, head the contents."""
    first, last = lines[0], lines[-1]
    if first.page > LAST_PAGE:
        return False
    whole = first.face == last.face and opens_contents(f"{first.text} {last.text}")
    return opens_contents(first.text) or whole


def _stands_again(
    lines: Sequence[Line],
    index: int,
    start: int,
    *,
    printed: Mapping[str, tuple[int, int]],
    body: Face,
) -> bool:
    """Whether a line is a title that is printed outside of the list too, so that it needs no
    number; it may be the first or the last half of one. Text that is printed twice is none."""
    parts = [lines[index : index + 1], lines[index : index + 2], lines[index - 1 : index + 1]]
    titles = [title for part in parts if len(title := _words(part)) > 1]
    places = [printed[title] for title in titles if title in printed]
    elsewhere = [
        *(first for first, _ in places if first < start - 1),
        *(last for _, last in places if last > index + 1),
    ]
    return any(
        {lines[index].face, lines[place].face} != {body} or not _is_text(lines, index, place)
        for place in elsewhere
    )


def _is_text(lines: Sequence[Line], index: int, place: int) -> bool:
    """Whether a line that stands at both places in the type of the text is a part of it: a sentence
    ends there, or the line before or behind is the same at both, too."""
    around = [(index + by, place + by) for by in (-1, 1) if max(index, place) + by < len(lines)]
    same = any(_words([lines[one]]) == _words([lines[other]]) for one, other in around)
    return same or ends_a_sentence(lines[index].text)


def _end(
    lines: Sequence[Line], start: int, *, printed: Mapping[str, tuple[int, int]], body: Face
) -> int:
    """Just after the last entry: two misses in a row on a new page, or four anywhere, end it."""
    end, misses = start, 0
    for index in range(start, len(lines)):
        line = lines[index]
        if _is_entry(line) or _stands_again(lines, index, start, printed=printed, body=body):
            end, misses = index + 1, 0
        else:
            misses += 1
        new_page = line.page != lines[max(end - 1, 0)].page
        if misses >= (2 if new_page else 5):
            break
    return end


def _without_kicker(listed: Sequence[Line]) -> Sequence[Line]:
    """The list without its last line where that is in a type of its own and shows no page: it
    stands above the first headline, and is printed again above another."""
    faces = [line.face for line in listed]
    if len(listed) > 1 and faces[-1] not in faces[:-1] and not _is_entry(listed[-1]):
        return listed[:-1]
    return listed


def _is_entry(line: Line) -> bool:
    if line.target and line.target != line.page:
        return True
    if _NAMED.fullmatch(line.text) or _CREDIT.search(line.text):
        return True
    match = _NUMBERED.fullmatch(line.text)
    if not match:
        return False
    # "in 2022" also ends in a number: an entry's number stands at the right edge or has a leader.
    return bool(re.search(_LEADER + r"\d", line.text)) or line.box.x1 >= line.right - 6


def _entries(lines: Sequence[Line], titles: Set[str]) -> list[Entry]:
    """A title may take several lines; its page number stands on the last of them, and its words
    are those of one of the `titles` below."""
    numbered = sum(_split(line)[1] > 0 for line in lines)
    foliated = numbered >= 0.25 * len(lines)
    if numbered and not foliated:  # a title that is broken behind a number
        lines = [replace(line, text=f"{line.text} {_NO_FOLIO}") for line in lines]
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _is_one_title(groups[-1], line, titles, foliated=foliated):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [entry for entry in map(_entry, groups) if entry.title]


def _is_one_title(group: Sequence[Line], line: Line, titles: Set[str], *, foliated: bool) -> bool:
    """Whether a line goes on with the title above it, as the headlines below have it."""
    if _FOLIO.fullmatch(line.text):
        return not any(_split(one)[1] for one in group)
    words, more, whole = _words(group), _words([line]), _words([*group, line])
    if group[-1].face == line.face and whole in titles:
        if not {words, more} <= titles:
            return True
    elif words in titles:
        return False
    return _goes_on(group, line, foliated=foliated)


def _words(lines: Sequence[Line]) -> str:
    return comparable("".join(_split(line)[0] for line in lines))


def _split(line: Line) -> tuple[str, int]:
    """The words of a line and the page number printed beside them; 0 for none."""
    text = _CREDIT.sub("", line.text)
    if line.text.endswith(_NO_FOLIO):
        return _CREDIT.sub("", line.text.removesuffix(_NO_FOLIO).rstrip()), 0
    if match := _FOLIO.fullmatch(text):
        return "", int(match["page"])
    paged = (_BRACKETED,) if text != line.text else (_NAMED, _NUMBERED, _LEADING)
    for match in (pattern.fullmatch(text) for pattern in paged):
        if match:
            return _DOTS.sub("", match["title"]).strip(" .…·"), int(match["page"])
    return _DOTS.sub("", text).strip(), 0


def _entry(lines: Sequence[Line]) -> Entry:
    title, folio = "", 0
    for line in lines:
        words, number = _split(line)
        title, folio = joined(title, words), number or folio
    target = max(line.target for line in lines)
    return Entry(title, folio, target, 0, lines[0].face, lines[0].box.x0)


def _goes_on(group: Sequence[Line], line: Line, *, foliated: bool) -> bool:
    """A title goes on in the same type, when its line is full or leads to the same page, and
    has neither page number nor author yet."""
    last = group[-1]
    if last.face != line.face or last.page != line.page or _closes(last):
        return False
    full = last.box.x1 > last.right - 3.5 * last.face.size
    return full or (foliated and bool(last.target) and last.target == line.target)


def _closes(line: Line) -> bool:
    """Whether a line ends an entry: with its page, or with who wrote it."""
    return bool(_split(line)[1] or _CREDIT.search(line.text))


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
