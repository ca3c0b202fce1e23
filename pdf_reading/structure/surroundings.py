"""The surroundings of a heading: how large it is, what is below it, whether it quotes the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.glyphs.normalisation import compact, has_ideographs
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import is_caption
from pdf_reading.structure.headings import Headline

MIN_QUOTED = 20  # characters; fewer return by chance
_MARKS = "'\"“”「」『』‘’„«»。.…"


def with_surroundings(
    heads: Sequence[Headline], lines: Sequence[Line], *, body: Face
) -> list[Headline]:
    """The headings in reading order, with what stands below them and their size beside the text."""
    nexts = [*(head.start for head in heads), len(lines)][1:]
    text = compact("".join(line.text for line in lines if line.face.size <= 1.05 * body.size))
    return [
        replace(
            head,
            above_figures=_are_figures(lines[head.stop : stop]),
            below=sum(_width(line) for line in lines[head.stop : stop] if not line.inset),
            scale=head.face.size / body.size,
            quoted=_is_pulled(head, body=body) and _is_quoted(head.text, text),
        )
        for head, stop in zip(heads, nexts, strict=True)
    ]


def _is_pulled(head: Headline, *, body: Face) -> bool:
    """Whether a heading is larger than the text and stands further in, as pull quotes do."""
    return head.face.size > 1.05 * body.size and (head.centred or head.indented)


def _is_quoted(words: str, text: str) -> bool:
    """Whether a sentence, or words in quotation marks, stand in the text of the issue."""
    closed = bool(re.search(r"[。！？!?.…”\"」』’]$", words))
    return closed and len(words) > MIN_QUOTED and compact(words).strip(_MARKS) in text


def _width(line: Line) -> int:
    """The length of a line in Latin characters."""
    return len(line.text) * (2 if has_ideographs(line.text) else 1)


def _are_figures(lines: Sequence[Line]) -> bool:
    return bool(lines) and all(
        is_caption(line.text) or (line.inset and line.inset.kind == "figure") for line in lines
    )
