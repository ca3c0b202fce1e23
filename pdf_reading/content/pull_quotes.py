"""Pull quotes: words of an article that are printed once more, apart from its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.glyphs.normalisation import compact
from pdf_reading.issue_text import Heading, Paragraph, Passage
from pdf_reading.layout.lines import Face
from pdf_reading.structure.headings import Headline, like

MIN_LENGTH = 20  # characters; fewer return by chance
LARGER = 1.15  # of the size of the text
_QUOTED = re.compile(r"[“\"「『‘'„«].*[”\"」』’'“»]", re.DOTALL)
_SENTENCE = re.compile(r"[。！？!?.…]$")
_OVER = re.compile(r"[。！？!?.…:：][”\"」』’'）)]*$")


def without_quotes(
    passages: Sequence[Passage], inner: Sequence[Headline], *, face: Face
) -> list[Passage]:
    """The passages without pull quotes.

    A pull quote repeats words of the text, is in quotation marks, is a sentence or interrupts one,
    and has the style of no sub-heading; a sub-heading whose words the text repeats is kept.
    """
    text = "".join(compact(part.text) for part in passages if isinstance(part, Paragraph))
    repeated = [head for head in inner if _stands_in(head, text)]
    sub_headings = [head for head in inner if head not in repeated]
    quotes = {
        head.text: head
        for head in repeated
        if not any(like(head.face, other.face) for other in sub_headings)
    }
    return [
        part
        for last, part in pairwise([None, *passages])
        if part is not None
        and not (
            isinstance(part, Heading)
            and (head := quotes.get(part.text))
            and _is_set_apart(head, last, face=face)
        )
    ]


def _stands_in(head: Headline, text: str) -> bool:
    return len(head.text) > MIN_LENGTH and compact(head.text).strip("'.…") in text


def _is_set_apart(head: Headline, last: Passage | None, *, face: Face) -> bool:
    """Whether the style and the place of a heading are those of a pull quote."""
    larger = head.face.size >= LARGER * face.size
    interrupts = isinstance(last, Paragraph) and not _OVER.search(last.text)
    quoted = bool(_QUOTED.fullmatch(head.text))
    if quoted or interrupts:
        return larger or head.centred or head.indented
    return larger and bool(_SENTENCE.search(head.text))
