"""Lines to paragraphs and lists, over the ends of columns and pages."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from digests.parsing.letters import has_ideographs, is_cjk, joined
from digests.parsing.lines import Line
from digests.parsing.wording import has_bullet, mark

_ADDRESS_OPEN = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef]*$", re.IGNORECASE)
_ADDRESS_ON = re.compile(r"[\w\-./?=&%#~+:@]+")


@dataclass(frozen=True, slots=True)
class Habits:
    """How an issue marks a new paragraph, and how far its lines stand apart (in sizes)."""

    indents: bool
    leading: float


@dataclass(frozen=True, slots=True)
class Running:
    """A paragraph: its lines, its text, whether it is an entry of a list."""

    lines: tuple[Line, ...]
    text: str
    listed: bool


def habits_of(lines: Sequence[Line]) -> Habits:
    """Indents are a habit when a good part of the lines that follow a short line have one."""
    starts = [b for a, b in itertools.pairwise(lines) if _is_below(a, b) and _is_short(a, 3)]
    indented = sum(_indent(line) >= 0.8 for line in starts)
    leadings = Counter(
        round((b.baseline - a.baseline) / a.face.size, 1)
        for a, b in itertools.pairwise(lines)
        if _is_neighbour(a, b)
    )
    return Habits(len(starts) > 2 and indented > 0.6 * len(starts), _usual(leadings))


def _usual(leadings: Counter[float]) -> float:
    """The commonest leading; one value may be counted in two neighbouring tenths."""
    near = {one: sum(leadings[round(one + d, 1)] for d in (-0.1, 0, 0.1)) for one in leadings}
    return max(near, key=lambda one: (near[one], leadings[one]), default=1.5)


def paragraphs_of(lines: Sequence[Line], *, habits: Habits) -> list[Running]:
    """The paragraphs of consecutive lines of text."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins(groups[-1], line, habits=habits):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_running(group) for group in groups]


def unpunctuated_heads(paragraphs: Sequence[Running]) -> set[int]:
    """Which paragraphs are sub-headings that only their lack of punctuation gives away: Chinese
    prose always ends with a mark (GB/T 15834). One alone between paragraphs that do."""
    bare = [_is_bare(one) for one in paragraphs]
    return {
        index
        for index in range(len(paragraphs) - 1)
        if bare[index]
        and not bare[index + 1]
        and not paragraphs[index + 1].listed
        and not (index and bare[index - 1])
        and len(paragraphs[index + 1].lines) > 1
    }


def _is_bare(paragraph: Running) -> bool:
    line = paragraph.lines[0]
    return (
        len(paragraph.lines) == 1
        and not paragraph.listed
        and has_ideographs(line.text)
        and 4 <= len(line.text) <= 24
        and (line.text[-1].isalnum() or line.text[-1] in "”》）")
        and _indent(line) < 4
        and _is_short(line, 4)
        and not re.search(r"[：:。；，]", line.text)
    )


def _running(lines: Sequence[Line]) -> Running:
    text = ""
    for line in lines:
        text = _with(text, line.text)
    return Running(tuple(lines), text, bool(mark(lines[0].text)))


def _with(text: str, line: str) -> str:
    """The next line of a paragraph; a printed address goes on without a space."""
    goes_on = _ADDRESS_OPEN.search(text) and _ADDRESS_ON.match(line) and not is_cjk(line[0])
    if goes_on and (_unfinished(text) or re.match(r"[\w\-.]*[/?=&%#_.]", line)):
        return text.removesuffix("‐") + line  # no address has this hyphen in it
    return joined(text, line)


def _unfinished(text: str) -> bool:
    return text[-1] in "/-‐_=&?.%#" or bool(re.search(r"https?://\S*[^\W_]$", text))


def _begins(group: Sequence[Line], line: Line, *, habits: Habits) -> bool:
    last = group[-1]
    if _is_address_tail(last, line):
        return False
    if (
        abs(last.face.size - line.face.size) > 0.15 * line.face.size
        or has_bullet(line.text)
        or _starts_numbered(line, last)
        or _is_far(last, line, habits)
        or _leaves_list(group, line)
    ):
        return True
    if mark(group[0].text) and line.box.x0 - group[0].box.x0 > 0.4 * line.face.size:
        return False  # it hangs behind the mark of its entry
    if habits.indents:
        return _indent(line) >= 0.8 or (
            _is_short(last, 6) and _ends(last) and _indent(last) < 0.5 and len(group) == 1
        )
    inward = _indent(line) - _indent(last)
    if line.text[0].islower() and last.text[-1].isalnum():
        return False  # in the middle of a sentence, whatever the typesetter did
    return inward >= (0.8 if _ends(last) else 1.2) or _would_have_fitted(last, line)


def _leaves_list(group: Sequence[Line], line: Line) -> bool:
    """Left of the mark of an entry that is closed: the text goes on below the list."""
    last = group[-1]
    outdented = group[0].box.x0 - line.box.x0 > 0.5 * line.face.size
    return bool(mark(group[0].text)) and outdented and _ends(last) and _is_short(last, 1.5)


def _starts_numbered(line: Line, last: Line) -> bool:
    found = mark(line.text)
    return (
        bool(found) and not re.match(r"[·－–—*\-]", found) and (_is_short(last, 1.5) or _ends(last))
    )


def _is_far(last: Line, line: Line, habits: Habits) -> bool:
    """A gap over the usual leading, within one column."""
    if not _is_neighbour(last, line):
        return False
    leading = (line.baseline - last.baseline) / line.face.size
    return leading > habits.leading + 0.35 and leading > 1.2 * habits.leading


def _is_below(last: Line, line: Line) -> bool:
    """Whether a line follows at once: with a headline between, it would stand further down."""
    return _is_neighbour(last, line) and line.baseline - last.baseline < 2.2 * line.face.size


def _is_neighbour(last: Line, line: Line) -> bool:
    return last.page == line.page and last.column == line.column and line.baseline > last.baseline


def _indent(line: Line) -> float:
    """How far a line starts inside its column, in sizes. An opening quote hangs half a size."""
    hanging = 0.5 if line.text[:1] in "“‘《（「『【〈" else 0.0
    return (line.box.x0 - line.left) / line.face.size + hanging * (line.box.x0 > line.left + 2)


def _is_short(line: Line, sizes: float) -> bool:
    return line.right - line.box.x1 > sizes * line.face.size


def _ends(line: Line) -> bool:
    return line.text[-1:] in "。！？!?.…”」』）)：:；;"


def _would_have_fitted(last: Line, line: Line) -> bool:
    """Whether the next line's first word had room at the end of this one: then it was broken
    by the writer, not by the column."""
    word = re.match(r"[\w\-./:@%]+\W?|.{1,2}", line.text)
    length = len(word[0]) if word else 1
    wide = is_cjk(line.text[0])
    needed = (2.0 if wide else 0.6 * length + 0.8) * line.face.size
    if not wide and length > 24:
        needed = 6 * line.face.size  # addresses break anywhere
    return last.right - last.box.x1 > needed


def _is_address_tail(last: Line, line: Line) -> bool:
    """An address goes on in the next line, whatever the indents say."""
    opened = _ADDRESS_OPEN.search(last.text)
    shared = {url for _, url in last.links} & {url for _, url in line.links}
    begins_linked = bool(line.links) and line.text.startswith(line.links[0][0][:4])
    return bool(shared and begins_linked) or (
        opened is not None
        and opened[0][-1] in "/-‐_=&?%"
        and bool(_ADDRESS_ON.match(line.text))
        and not is_cjk(line.text[0])
    )
