"""Lines to paragraphs and list entries, across the ends of columns and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.normalisation import has_ideographs, is_cjk, joined
from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, ends, indent, is_neighbour, is_short
from pdf_reading.lexicon import has_bullet, mark
from pdf_reading.structure.headings import like

MIN_SENTENCES = 3  # lines that each end with one, so that each is a paragraph
_ADDRESS_OPEN = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef]*$", re.IGNORECASE)
_ADDRESS_ON = re.compile(r"[\w\-./?=&%#~+:@]+")


@dataclass(frozen=True, slots=True)
class Running:
    """A paragraph: its lines, its text, whether it is an entry of a list."""

    lines: tuple[Line, ...]
    text: str
    listed: bool


def paragraphs_of(lines: Sequence[Line], *, paragraph_style: ParagraphStyle) -> list[Running]:
    """The paragraphs of consecutive lines of text."""
    if len(lines) >= MIN_SENTENCES and all(map(_is_sentence, lines)):
        return [_running([line]) for line in lines]
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins(groups[-1], line, paragraph_style=paragraph_style):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_running(group) for group in groups]


def _is_sentence(line: Line) -> bool:
    """Whether a line ends with a sentence. Where all do, the column broke none of them."""
    return line.text[-1] in "。！？" and not mark(line.text)


def unpunctuated_heads(paragraphs: Sequence[Running]) -> set[int]:
    """The indices of paragraphs that are sub-headings by their lack of punctuation alone.

    Chinese prose always ends with a mark (GB/T 15834); a single short line without one between
    paragraphs that have one is a heading.
    """
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
        and indent(line) < 4
        and is_short(line, 4)
        and not re.search(r"[。；]", line.text)
    )


def _running(lines: Sequence[Line]) -> Running:
    text = ""
    for last, line in zip((None, *lines), lines, strict=False):
        text = joined(text, line.text) if last and _closes_address(last) else _with(text, line.text)
    return Running(tuple(lines), text, bool(mark(lines[0].text)))


def _closes_address(line: Line) -> bool:
    """Whether an address ends with a line: its link says so, or the line has room left."""
    opened = _ADDRESS_OPEN.search(line.text)
    if not opened or opened[0][-1] in "/-‐_=&?%":
        return False
    whole = any(link.url.endswith(opened[0]) for link in line.links)
    return whole or is_short(line, 1.5)


def _with(text: str, line: str) -> str:
    """The next line of a paragraph; a printed address goes on without a space."""
    goes_on = _ADDRESS_OPEN.search(text) and _ADDRESS_ON.match(line) and not is_cjk(line[0])
    if goes_on and (_unfinished(text) or re.match(r"[\w\-.]*[/?=&%#_.]", line)):
        return text.removesuffix("‐") + line  # no address has this hyphen in it
    return joined(text, line)


def _unfinished(text: str) -> bool:
    return text[-1] in "/-‐_=&?.%#" or bool(re.search(r"https?://\S*[^\W_]$", text))


def goes_on(group: Sequence[Line], line: Line, *, paragraph_style: ParagraphStyle) -> bool:
    """Return whether a line is the next one of the paragraph of some lines, closely below the
    last."""
    last = group[-1]
    close = 0 < line.baseline - last.baseline < 2 * line.face.size
    below = last.page == line.page and last.box.shared_width(line.box) > 0
    return close and below and not _begins(group, line, paragraph_style=paragraph_style)


def _begins(group: Sequence[Line], line: Line, *, paragraph_style: ParagraphStyle) -> bool:
    last = group[-1]
    if _is_address_tail(last, line) or _is_cut(last, line):
        return False
    if (
        _is_in_other_type(last, line)
        or abs(last.face.size - line.face.size) > 0.15 * line.face.size
        or has_bullet(line.text)
        or _starts_numbered(line, last)
        or _is_far(last, line, paragraph_style)
        or _leaves_list(group, line)
    ):
        return True
    if mark(group[0].text) and indent(line) - indent(group[0]) > 0.4:
        # It hangs behind the mark of its entry, unless that is at its end.
        return ends(last) and is_short(last, 1.5)
    if paragraph_style.justified and is_short(last, 0.7) and last.text[-1] in "。！？.!?”":
        return True
    return _is_indented(group, line) if paragraph_style.indents else _is_set_off(last, line)


def _is_in_other_type(last: Line, line: Line) -> bool:
    """Whether a line on the next page is set otherwise than the last one before it, which does not
    break off in a sentence: text that goes on does so in its own type."""
    broken = last.text[-1].islower() or last.text[-1] in ",，、-‐"
    return last.page != line.page and not broken and not like(last.face, line.face)


def _is_indented(group: Sequence[Line], line: Line) -> bool:
    """Where first lines are indented; the line after a lone short one needs no indent."""
    last = group[-1]
    closed = len(group) == 1 and is_short(last, 6) and ends(last) and indent(last) < 0.5
    return indent(line) >= 0.8 or closed


def _is_set_off(last: Line, line: Line) -> bool:
    """Where they are not: further in than the line above, or that line had room left."""
    if line.text[0].islower() and last.text[-1].isalnum():
        return False  # in the middle of a sentence, whatever the typesetter did
    inward = indent(line) - indent(last)
    return inward >= (0.8 if ends(last) else 1.2) or _would_have_fitted(last, line)


def _is_cut(last: Line, line: Line) -> bool:
    """Whether the last line ends within a word."""
    return bool(re.search(r"[^\W\d_][-‐]$", last.text)) and line.text[0].islower()


def _leaves_list(group: Sequence[Line], line: Line) -> bool:
    """Left of the mark of an entry that is closed: the text goes on below the list."""
    last = group[-1]
    outdented = group[0].box.x0 - line.box.x0 > 0.5 * line.face.size
    return bool(mark(group[0].text)) and outdented and ends(last) and is_short(last, 1.5)


def _starts_numbered(line: Line, last: Line) -> bool:
    found = mark(line.text)
    return (
        bool(found) and not re.match(r"[·－–—*\-]", found) and (is_short(last, 1.5) or ends(last))
    )


def _is_far(last: Line, line: Line, paragraph_style: ParagraphStyle) -> bool:
    """A gap over the usual leading, within one column."""
    if not is_neighbour(last, line):
        return False
    leading = (line.baseline - last.baseline) / line.face.size
    return leading > paragraph_style.leading + 0.35 and leading > 1.2 * paragraph_style.leading


def _would_have_fitted(last: Line, line: Line) -> bool:
    """Whether the next line's first word had room at the end of this one: then it was broken
    by the writer, not by the column."""
    wide = is_cjk(line.text[0])
    word = re.match(
        r".[」』”’）》】。，、；：！？]*" if wide else r"[\w\-./:@%’']+[^\w\s]?|.", line.text
    )
    length = len(word[0]) if word else 1
    needed = (1.0 + length if wide else 0.6 * length + 0.8) * line.face.size
    if not wide and length > 24:
        needed = 6 * line.face.size  # addresses break anywhere
    return last.right - last.box.x1 > needed


def _is_address_tail(last: Line, line: Line) -> bool:
    """An address goes on in the next line, whatever the indents say."""
    opened = _ADDRESS_OPEN.search(last.text)
    shared = {link.url for link in last.links} & {link.url for link in line.links}
    begins_linked = any(link.start == 0 for link in line.links)
    return bool(shared and begins_linked) or (
        opened is not None
        and opened[0][-1] in "/-‐_=&?%"
        and bool(_ADDRESS_ON.match(line.text))
        and not is_cjk(line.text[0])
    )
