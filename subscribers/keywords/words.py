"""The words of a folded text: in scripts that put spaces between them, and those of Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import rjieba
import snowballstemmer

from subscribers.keywords.folding import WIDE

_LETTER = rf"[^\W_{WIDE}]"
WORD = re.compile(rf"\d+(?:[.,]\d+)+(?!{_LETTER})|{_LETTER}+(?:['&]{_LETTER}+)*[+#]*")
RUN = re.compile(rf"[{WIDE}]+")
GAP = re.compile(r"[\s-]{0,3}")  # between two words of one phrase
CAPITALS = re.compile(r"[A-Z]{2,4}")
MIN_PART = 2  # characters of each half of a compound
MIN_SINGULAR = 6  # letters of a word that may be a plural by its "s" alone


@dataclass(frozen=True, slots=True)
class Word:
    """A word from `start` to before `stop` of a folded text. `raw` is without case and apostrophes,
    `stem` what its forms share."""

    start: int
    stop: int
    text: str
    raw: str
    stem: str

    @property
    def ends(self) -> frozenset[str]:
        """The forms of the word at the end of a compound."""
        return ends_of(self.raw)


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a folded text that stand between spaces, hyphens or other signs."""
    for match in WORD.finditer(text):
        word = match[0]
        plain = word.casefold()
        yield Word(match.start(), match.end(), word, plain.replace("'", ""), stem_of(plain))


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Return the stem of an English word without case; other words are their own."""
    if not word.isascii() or not word.replace("'", "").isalpha():
        return word.replace("'", "")
    return str(_stemmer().stemWord(word)).replace("'", "")


@lru_cache(maxsize=100_000)
def ends_of(raw: str) -> frozenset[str]:
    """Return a word with its stem, and without its "s" where it is long enough to be a plural."""
    forms = {raw, stem_of(raw)}
    if len(raw) >= MIN_SINGULAR and raw.endswith("s") and not raw.endswith("ss"):
        forms.add(raw[:-1])
    return frozenset(forms)


def bounds_of(text: str) -> tuple[set[int], set[int]]:
    """Return where a Chinese phrase may begin or end in a folded text, and where a single character
    may.

    Those are the ends of the words by the dictionary, and the joint of a compound of two known
    words (北京 in 北京大学), but not the inside of any other known word (人机 in 无人机). A single
    character may be the first or last of a short word, too: 氢 in 制氢.
    """
    bounds: set[int] = set()
    single: set[int] = set()
    for run in RUN.finditer(text):
        at = run.start()
        bounds.add(at)
        for word in rjieba.cut(run[0], hmm=False):
            stop = at + len(word)
            bounds.add(stop)
            bounds |= {at + n for n in _joints(word)}
            if len(word) < 2 * MIN_PART:
                single |= {at + 1, stop - 1}
            at = stop
    return bounds, single | bounds


def _joints(word: str) -> list[int]:
    return [
        n
        for n in range(MIN_PART, len(word) - MIN_PART + 1)
        if _is_known(word[:n]) and _is_known(word[n:])
    ]


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def _is_known(word: str) -> bool:
    return bool(rjieba.has_word(word))
