"""The lines below a headline as parts: lines of text, sub-headings, and tables and figures with
the captions that belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.lines import Face, Inset, Line, flowing
from pdf_reading.lexicon import is_caption, is_source
from pdf_reading.structure.headings import Headline

CAPTION_GAP = 40.0


@dataclass(frozen=True, slots=True)
class CaptionedInset:
    """A table or figure, the line in whose place it is, its caption and the lines of that."""

    inset: Inset
    line: Line
    caption: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def page(self) -> int:
        """The page on which it stands."""
        return self.line.page


Part = Line | Headline | CaptionedInset


def parts_below(
    lines: Sequence[Line], inner: Sequence[Headline], *, start: int, face: Face
) -> list[Part]:
    """The parts in order; `inner` are the sub-headings, by index from `start`."""
    heads = {head.start - start: head for head in inner}
    parts: list[Part] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if head := heads.get(index):
            parts.append(head)
            index = head.stop - start
        elif line.inset:
            index = _add_inset(lines, index, parts, face=face)
        else:
            parts.append(line)
            index += 1
    return parts


def _add_inset(lines: Sequence[Line], index: int, parts: list[Part], *, face: Face) -> int:
    """Append the inset at `index` with its caption, which may stand above or below."""
    line = lines[index]
    inset = line.inset
    if inset is None:
        return index + 1
    after = index + 1
    caption = ""
    while after < len(lines) and _is_caption_of(line, lines[after], first=not caption, face=face):
        caption = joined(caption, lines[after].text)
        after += 1
    captioned = tuple(lines[index + 1 : after])
    if not caption:
        captioned = _caption_above(line, parts)
        caption = flowing(captioned)
    parts.append(CaptionedInset(inset, line, caption, captioned))
    return after


def _caption_above(inset: Line, parts: list[Part]) -> tuple[Line, ...]:
    """Take the caption, of one line or two, from the end of the parts above an inset."""
    for count in (1, 2):
        above = [part for part in parts[-count:] if isinstance(part, Line) and not part.inset]
        if len(above) < count or any(inset.page - line.page not in {0, 1} for line in above):
            return ()
        if is_caption(above[0].text) and above[0].face == above[-1].face:
            del parts[-count:]
            return tuple(above)
    return ()


def _is_caption_of(inset: Line, line: Line, *, first: bool, face: Face) -> bool:
    if line.inset or line.page != inset.page or is_source(line.text):
        return False
    near = -6 < line.box.top - inset.box.bottom < CAPTION_GAP * (1 if first else 1.6)
    small = line.face.size < 0.95 * face.size
    below = line.box.shared_width(inset.box) > 0
    figure = inset.inset is not None and inset.inset.kind == "figure"
    if not first:
        return near and below and small and not is_caption(line.text)
    return near and below and (is_caption(line.text) or (figure and small))
