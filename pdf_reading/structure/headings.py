"""Headlines: lines that size, weight, family, place or numbering set apart from the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from pdf_reading.glyphs.normalisation import has_ideographs, joined
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import (
    byline,
    date_line,
    ends_a_sentence,
    has_bullet,
    is_caption,
    is_numbered,
    is_source,
    is_subtitle,
)
from pdf_reading.structure.bold_text import (
    closes_like_text,
    is_bold_text,
    is_chinese_sentence,
    leading_of,
)

MAX_LINES = 7
CLOSE = 1.9  # sizes from line to line of one entry
SHADE = 48  # of 255, in any of red, green and blue
MAX_BELOW = 2  # lines of a paragraph that tell how wide it is
MAX_LENGTH = 120  # characters; Latin words count double
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_HEADING_FAMILIES = re.compile(r"hei|xbs|biaosong|黑|标宋|kai|楷|gothic|sans|圆", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headline:
    """A heading of any level: its lines, from `start` to before `stop`.

    `full`: they are as wide as their column, so that they may or may not be centred. `credited`:
    a byline or date follows, or a source line stands before it. `plain`: it has the type of the
    text. `above_figures`: nothing but figures and their captions stands below it. `below`: how many
    characters stand there before the next heading, Chinese ones counted double. `scale`: its size
    relative to that of the text. `quoted`: it is a sentence that stands in the text, too.
    """

    text: str
    page: int
    start: int
    stop: int
    face: Face
    centred: bool
    tag: int
    left: float
    top: float
    full: bool = False
    indented: bool = False
    credited: bool = False
    plain: bool = False
    above_figures: bool = False
    below: int = 0
    scale: float = 1.0
    quoted: bool = False


def headlines_of(lines: Sequence[Line], *, body: Face) -> list[Headline]:
    """The headings in reading order. Close lines of one style are one heading."""
    found: list[Headline] = []
    index, leading = 0, leading_of(lines, body=body)
    while index < len(lines):
        if not _stands_out(lines[index], body=body):
            index = _end_of_entry(lines, index)
            continue
        stop = index + 1
        while stop < len(lines) and _goes_on(lines, index, stop, body=body):
            stop += 1
        if (
            stop - index <= MAX_LINES
            and _is_short(lines[index:stop])
            and not is_bold_text(lines, index, stop, body=body, leading=leading)
            and not is_chinese_sentence(lines, index, stop)
        ):
            found.append(headline(lines, index, stop))
        index = stop
    return _without_sentences(found, body=body)


def _end_of_entry(lines: Sequence[Line], start: int) -> int:
    """The index behind a line that heads nothing: behind all lines of an entry, in whatever type
    the list is set."""
    stop = start + 1
    if not has_bullet(lines[start].text):
        return stop
    while stop < len(lines) and _goes_on_with(lines[stop - 1], lines[stop]):
        stop += 1
    return stop


def _goes_on_with(last: Line, line: Line) -> bool:
    """Whether a line stands closely below another, in its type and no further out."""
    close = 0 < line.baseline - last.baseline < CLOSE * line.face.size
    below = line.page == last.page and line.box.x0 > last.box.x0 - 0.5 * line.face.size
    return close and below and like(last.face, line.face) and not has_bullet(line.text)


def _without_sentences(found: Sequence[Headline], *, body: Face) -> list[Headline]:
    """The headings but for sentences in bold: a headline at the size of the text may end with a
    stop only where more of its face do without."""
    closed = [head for head in found if closes_like_text(head.text, head.face, body=body)]
    faces = Counter(head.face for head in found)
    faces.subtract(2 * [head.face for head in closed])
    return [head for head in found if head not in closed or faces[head.face] > 0]


def headline(lines: Sequence[Line], start: int, stop: int) -> Headline:
    """The lines from `start` to `stop` as one heading."""
    here, text = lines[start:stop], ""
    for line in here:
        text = joined(text, line.text)
    return Headline(
        text=text,
        page=here[0].page,
        start=start,
        stop=stop,
        face=_main_face(here),
        centred=all(is_centred(line) for line in here) or _is_centred_over(here, lines[stop:]),
        tag=max(line.tag for line in here),
        left=here[0].box.x0,
        top=here[0].box.top,
        full=all(_is_full(line) and line.box.x0 - line.left < 2 * line.face.size for line in here),
        indented=here[0].box.x0 - here[0].left > 1.5 * here[0].face.size,
        credited=_is_credited(lines, start, stop),
    )


def _is_credited(lines: Sequence[Line], start: int, stop: int) -> bool:
    below = lines[stop : stop + 2]  # a subtitle may stand between
    named = any(byline(line.text) or date_line(line.text) for line in below)
    above = next(
        (line for line in reversed(lines[max(start - 3, 0) : start]) if not line.inset), None
    )
    return named or (above is not None and is_source(above.text))


def is_centred(line: Line) -> bool:
    """Return whether both margins are equal. A full line counts, as it shows nothing else."""
    before, after = line.box.x0 - line.left, line.right - line.box.x1
    if before < 0.3 * line.face.size and after > 0.6 * line.face.size:
        return False  # flush left
    return abs(before - after) < max(1.5 * line.face.size, 0.06 * (line.right - line.left))


def _is_centred_over(here: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether lines stand in the middle of the paragraph below them, which pictures beside it part
    from the middle of its column."""
    text = list(
        takewhile(
            lambda line: line.page == here[-1].page and line.left == here[-1].left,
            below[:MAX_BELOW],
        )
    )
    if len(text) < MAX_BELOW or any(line.inset for line in text):
        return False
    x0, x1 = min(line.box.x0 for line in text), max(line.box.x1 for line in text)
    size = here[0].face.size
    return all(
        line.box.x0 - x0 > 2 * size
        and x1 - line.box.x1 > 2 * size
        and abs(line.box.x0 - x0 - (x1 - line.box.x1)) < 1.5 * size
        for line in here
    )


def _main_face(lines: Sequence[Line]) -> Face:
    """The face of the Chinese in a heading, where there is any."""
    chinese = [line for line in lines if has_ideographs(line.text)]
    return (chinese or list(lines))[0].face


def _stands_out(line: Line, *, body: Face) -> bool:
    if line.inset or not re.search(r"\w", line.text) or _ADDRESS.fullmatch(line.text):
        return False
    if line.is_linked and (line.face.size < 1.08 * body.size or _is_address(line.text)):
        return False
    if is_source(line.text) or is_caption(line.text) or has_bullet(line.text):
        return False
    if (byline(line.text) or date_line(line.text)) and line.face.size <= body.size:
        return False
    if line.tag:
        return True
    return _looks_set_apart(line, body=body)


def _is_address(text: str) -> bool:
    return bool(re.search(r"://|www\.|\S@\S", text)) or not re.search(r"\s|[\u3400-\u9fff]", text)


def _looks_set_apart(line: Line, *, body: Face) -> bool:
    face = line.face
    if face.size < 0.97 * body.size:
        return _is_small_head(line, body=body)
    if face.size >= 1.08 * body.size:
        return True
    if face.bold and not body.bold:
        return not ends_a_sentence(line.text) or line.text[-1] in "：:！!"
    foreign = face.family != body.family and not face.family.startswith("latin:")
    return (
        foreign
        and (not face.family or bool(_HEADING_FAMILIES.search(face.family)))
        and not ends_a_sentence(line.text)
        and (is_numbered(line.text) or is_centred(line) or len(line.text) < 30)
    )


def _is_small_head(line: Line, *, body: Face) -> bool:
    """A sub-heading in bold of a smaller size and another family: it ends short of the margin."""
    face = line.face
    return (
        face.size >= 0.8 * body.size
        and face.bold
        and not body.bold
        and face.family != body.family
        and not ends_a_sentence(line.text)
        and line.right - line.box.x1 > 2 * face.size
        and line.box.x0 - line.left < 2 * face.size
    )


def like(one: Face, other: Face) -> bool:
    """Return whether two faces are one style; Latin among Chinese takes another family."""
    same_family = one.family == other.family or "latin:" in one.family + other.family
    return abs(one.size - other.size) < 0.6 and one.bold == other.bold and same_family


def _goes_on(lines: Sequence[Line], start: int, index: int, *, body: Face) -> bool:
    first, last, line = lines[start], lines[index - 1], lines[index]
    stands_out = _stands_out(line, body=body) or _closes_a_sentence(last, line, body=body)
    if not stands_out or not like(first.face, line.face):
        return False
    if line.page != last.page:  # broken at the end of the page
        return line.page == last.page + 1 and last.text[-1] in ":：,，、" and index > start
    if line.column != last.column and not _below(last, line):
        return line.box.top < last.box.top and _is_full(last)  # broken at the end of the column
    leading = line.baseline - last.baseline
    if not 0 < leading < 2.3 * line.face.size or is_subtitle(line.text):
        return False
    if _is_other(last, line):
        return False
    return not is_numbered(line.text) or _is_full(last)


def _closes_a_sentence(last: Line, line: Line, *, body: Face) -> bool:
    """Whether a bold line ends the sentence that fills the bold line above it."""
    bold = line.face.bold and not (line.inset or line.tag or body.bold)
    return bold and ends_a_sentence(line.text) and _is_full(last)


def _is_other(last: Line, line: Line) -> bool:
    """Whether a line is tagged or coloured otherwise than the one above it, begins at the edge
    below one in the middle, as a headline below the name of a section does, or is a Chinese
    sentence of text, which ends with a stop and is indented. What ends with a slash or a hyphen
    goes on."""
    if (last.tag and line.tag and last.tag != line.tag) or differ_in_ink(last.ink, line.ink):
        return True
    if last.text.endswith(("/", "-", "‐")):
        return False
    if line.text.endswith("。") and line.box.x0 - last.box.x0 > 1.5 * line.face.size:
        return True
    room = 3 * line.face.size
    in_the_middle = is_centred(last) and last.box.x0 - last.left > room
    at_the_edge = line.box.x0 - line.left < 0.5 * line.face.size
    return in_the_middle and at_the_edge and line.right - line.box.x1 > room


def differ_in_ink(one: int, other: int) -> bool:
    """Return whether two colours are more than shades of one."""
    return any(abs((one >> n & 255) - (other >> n & 255)) > SHADE for n in (0, 8, 16))


def _below(last: Line, line: Line) -> bool:
    return last.box.shared_width(line.box) > 0 and line.box.top > last.box.top


def _is_full(line: Line) -> bool:
    return line.right - line.box.x1 < 2 * line.face.size


def _is_short(lines: Sequence[Line]) -> bool:
    length = sum(len(line.text) for line in lines)
    return length <= MAX_LENGTH * (1 if has_ideographs(lines[0].text) else 2)
