"""Telling prose from other words: in a figure they would be a picture that nobody can search or
mail."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.content.untitled import SENTENCE
from pdf_reading.glyphs.normalisation import is_cjk
from pdf_reading.layout.lines import Inset

LONG = 30  # Latin letters
MAX_LABELS = 250  # Latin letters
_SENTENCES, _LINES = 2, 4  # that make prose


def holds_prose(inset: Inset) -> bool:
    """Return whether the words in a figure, or the cells of a table, are sentences, or those in a
    figure more than the labels of one."""
    words = [line.text for line in inset.words]
    many = sum(map(weight, words)) > MAX_LABELS
    return many or is_prose(words or [cell for row in inset.rows for cell in row])


def is_prose(texts: Sequence[str]) -> bool:
    """Return whether long lines among those of a text, or cells, have sentences in them."""
    long = [text for text in texts if weight(text) >= LONG]
    sentences = [text for text in long if SENTENCE.search(text)]
    return len(sentences) >= _SENTENCES or (bool(sentences) and len(long) >= _LINES)


def weight(text: str) -> int:
    """The length of a text without white space, in Latin letters; a Chinese character is two."""
    return sum(1 + is_cjk(character) for character in text if not character.isspace())
