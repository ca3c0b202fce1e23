"""The encoding check: whether the characters of a file are those that it shows.

A font may draw one letter under the code of another without a ToUnicode map (ISO 32000-1, 9.10.2).
Such a text has more accents, fewer letters or fewer vowels than any language.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from pdf_reading.glyphs.normalisation import is_odd
from pdf_reading.glyphs.page import Page

MAX_ODD_SHARE = 0.3  # of the characters; no language writes every third letter with an accent
MIN_LETTER_SHARE = 0.5  # of the characters: letters and digits of any script
MIN_VOWEL_SHARE = 0.28  # of the Latin letters; in European languages 36 to 48 in a hundred, with y
MIN_CHARACTERS = 300  # fewer prove nothing
_LEADERS = frozenset(".·…．‥_")
_VOWELS = frozenset("aeiouyAEIOUY")


@dataclass(slots=True)
class EncodingTally:
    """Counts of the characters of a document, page by page."""

    glyphs: int = 0
    leaders: int = 0
    odd: int = 0
    letters: int = 0
    latin: int = 0
    vowels: int = 0

    def add(self, page: Page) -> None:
        """Count the glyphs of a page."""
        texts = [glyph.text for glyph in page.glyphs]
        self.glyphs += len(texts) + page.unreadable
        self.leaders += sum(a == b and a in _LEADERS for a, b in pairwise(texts))
        self.odd += page.unreadable
        for text, count in Counter(texts).items():
            self.letters += count * text.isalnum()
            self.odd += count * is_odd(text)
            if text.isascii() and text.isalpha():
                self.latin += count
                self.vowels += count * (text in _VOWELS)

    def is_garbled(self) -> bool:
        """Return whether the characters cannot be those of a language."""
        if self.odd > MAX_ODD_SHARE * self.glyphs:
            return True
        counted = self.glyphs - self.leaders  # a page of contents has more dots than letters
        if counted > MIN_CHARACTERS and self.letters < MIN_LETTER_SHARE * counted:
            return True
        in_latin = self.latin > max(
            MIN_CHARACTERS, 0.5 * self.letters
        )  # not just addresses of the web
        return in_latin and self.vowels < MIN_VOWEL_SHARE * self.latin

    def is_empty(self) -> bool:
        """Return whether there was no text at all."""
        return not self.glyphs
