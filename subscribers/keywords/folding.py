"""A text without what makes no difference to a phrase: width, traditional characters, the shape of
quotation marks and hyphens, white space beside ideographs. Its letters keep their case."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
_IS_WIDE = re.compile(f"[{WIDE}]")
SHAPES = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ＇`´", "'"),
        **dict.fromkeys("“”„«»「」『』〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. Its character at `n` is of the one at `places[n]` of the text that
    was folded; behind the last stands the length of that."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return where in the text that was folded a stretch of this one begins and ends."""
        return self.places[start], self.places[stop - 1] + 1 if stop > start else self.places[start]


def folded(text: str) -> Folded:
    """Fold a text, which is best composed (NFC) before: its characters are folded one by one."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _folded(character):
            if letter.isspace() and letters and _IS_WIDE.match(letters[-1]):
                continue
            if _IS_WIDE.match(letter):
                while letters and letters[-1].isspace():
                    letters.pop()
                    places.pop()
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), (*places, len(text)))


@cache
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).translate(SHAPES)
    visible = "".join(one for one in plain if unicodedata.category(one) != "Cf")
    return _simplifier().convert(visible) if _IS_WIDE.search(visible) else visible


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
