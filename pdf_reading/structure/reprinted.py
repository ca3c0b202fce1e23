"""Titles for comparing, and the places where their words are printed again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pdf_reading.layout.lines import Line
from pdf_reading.lexicon import label


def comparable(title: str) -> str:
    """A title for comparing: no label, no punctuation, no white space."""
    words = unicodedata.normalize("NFKC", title[len(label(title)) :]).casefold()
    return "".join(filter(str.isalnum, words))


def places_of_words(lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """Return where the words of each line, or of two or three that follow each other, stand first
    and last."""
    places: dict[str, tuple[int, int]] = {}
    for count in (1, 2, 3):
        for index in range(len(lines) - count + 1):
            here = lines[index : index + count]
            if len({(line.face.size, line.face.bold) for line in here}) == 1:
                words = comparable("".join(line.text for line in here))
                first, last = places.get(words, (index, index))
                places[words] = (min(first, index), max(last, index))
    return places
