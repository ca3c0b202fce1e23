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
_WIDE = re.compile(f"[{WIDE}]+")
SHAPES = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ＇`´", "'"),
        **dict.fromkeys("“”„«»「」『』〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    }
)


MARKS = frozenset("\"'《》〈〉·•‧・")  # beside ideographs they only dress a word: “双碳”目标


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. Its character at `n` is of the one at `places[n]` of the text that
    was folded; behind the last stands the length of that. At `edges` marks were left out."""

    text: str
    places: tuple[int, ...]
    edges: frozenset[int] = frozenset()

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return where in the text that was folded a stretch of this one begins and ends."""
        return self.places[start], self.places[stop - 1] + 1 if stop > start else self.places[start]


def folded(text: str, *, without: frozenset[str] = frozenset()) -> Folded:
    """Fold a text, which is best composed (NFC) before: its characters are folded one by one.
    Beside ideographs the marks `without` are left out, too."""
    letters: list[str] = []
    places: list[int] = []
    edges: set[int] = set()
    for place, character in enumerate(text):
        for letter in _folded(character):
            if letter in without and letters and _is_wide(letters[-1]):
                edges.add(len(letters))
                continue
            if letter.isspace() and letters and _is_wide(letters[-1]):
                continue
            if _is_wide(letter) and letter not in without:
                marked = _strip(letters, places, without)
                edges |= {len(letters)} if marked else set()
            letters.append(letter)
            places.append(place)
    simplified = _WIDE.sub(lambda run: _simplified(run[0]), "".join(letters))
    return Folded(simplified, (*places, len(text)), frozenset(edges))


def _is_wide(letter: str) -> bool:
    return _IS_WIDE.match(letter) is not None


def _strip(letters: list[str], places: list[int], marks: frozenset[str]) -> bool:
    """Take white space and marks from the end; returns whether there was a mark."""
    marked = False
    while letters and (letters[-1].isspace() or letters[-1] in marks):
        marked |= letters[-1] in marks
        letters.pop()
        places.pop()
    return marked


@cache
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).translate(SHAPES)
    return "".join(one for one in plain if unicodedata.category(one) != "Cf")


def _simplified(run: str) -> str:
    """Return ideographs in simplified characters, as many: by words, since 乾 stays in 乾坤 and is
    干 in 乾燥; one by one, where that would be more or fewer."""
    by_words: str = _simplifier().convert(run)
    if len(by_words) == len(run):
        return by_words
    return "".join(map(_simplifier().convert, run))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
