"""Whether the characters of a file are those that it shows.

Fonts may draw one letter under the name of another and not say so (no ToUnicode map, ISO 32000-1,
9.10.2). Such a text has letters that no language has so often, or words that nobody can say.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pdf_reading.glyphs.normalisation import is_odd
from pdf_reading.glyphs.page import Page

MOST_ODD = 0.3  # of the characters; no language writes every third letter with an accent
LEAST_LETTERS = 0.5  # of the characters: letters and digits of any script
LEAST_VOWELS = 0.28  # of the Latin letters; in European languages 36 to 48 in a hundred, with y
ENOUGH = 300  # characters, before they prove anything
_LEADERS = frozenset(".·…．‥_")
_VOWELS = frozenset("aeiouyAEIOUY")


@dataclass(slots=True)
class EncodingTally:
    """What was counted on the pages so far."""

    glyphs: int = 0
    leaders: int = 0
    odd: int = 0
    letters: int = 0
    latin: int = 0
    vowels: int = 0

    def add(self, page: Page) -> None:
        """Count the glyphs of a page."""
        self.glyphs += len(page.glyphs) + page.unreadable
        texts = [glyph.text for glyph in page.glyphs]
        self.leaders += sum(a == b and a in _LEADERS for a, b in pairwise(texts))
        self.odd += page.unreadable
        for glyph in page.glyphs:
            text = glyph.text
            self.letters += text.isalnum()
            self.odd += is_odd(text)
            if text.isascii() and text.isalpha():
                self.latin += 1
                self.vowels += text in _VOWELS

    def is_garbled(self) -> bool:
        """Whether the characters cannot be meant."""
        if self.odd > MOST_ODD * self.glyphs:
            return True
        meant = self.glyphs - self.leaders  # a page of contents has more dots than letters
        if meant > ENOUGH and self.letters < LEAST_LETTERS * meant:
            return True
        in_latin = self.latin > max(ENOUGH, 0.5 * self.letters)  # not just addresses of the web
        return in_latin and self.vowels < LEAST_VOWELS * self.latin

    def is_empty(self) -> bool:
        """Whether there was no text at all."""
        return not self.glyphs
