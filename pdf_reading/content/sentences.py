"""Sentences in the type of sub-headings, which are text: no Chinese heading ends with a full stop
(GB/T 15834), and the only sentence of an article is no heading in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import compact
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import is_caption
from pdf_reading.structure.headings import Headline

_CHINESE = re.compile(r"[。；]$")
_SENTENCE = re.compile(r"\S[。！？!?.…][”\"」』’'）)]*$")


def without_sentences(
    inner: Sequence[Headline], lines: Sequence[Line], *, start: int
) -> list[Headline]:
    """The sub-headings of an article but for those that are sentences of its text. `lines` are
    those below its headline, by index from `start`. What the text says again is a pull quote."""
    return [head for head in inner if not _is_text(head, lines, start=start)]


def _is_text(head: Headline, lines: Sequence[Line], *, start: int) -> bool:
    own = lines[head.start - start : head.stop - start]
    others = [line for line in lines if line not in own and not line.inset]
    if _CHINESE.search(head.text):
        return compact(head.text) not in compact("".join(line.text for line in others))
    return bool(_SENTENCE.search(head.text)) and all(is_caption(line.text) for line in others)
