"""The words of a folded text: in scripts that put spaces between them, and those of Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import ModuleType

from subscribers.keywords.folding import WIDE
from subscribers.keywords.stems import APART, stem_of

_LETTER = rf"[^\W_{WIDE}]"
WORD = re.compile(
    rf"[A-Z](?:\.[A-Z])+(?!{_LETTER})\.?"  # U.S.
    r"|\d+(?:[.,]\d+)+"
    rf"|{_LETTER}+(?:['&]{_LETTER}+|(?<=\d)\.\d{_LETTER}*)*"  # R&D, PM2.5
    r"(?:\+{2,}|#+|(?<=[A-Z])\$|(?<=(?<![A-Za-z0-9])[A-Za-z])\+(?![A-Za-z0-9]))?"  # C++, US$, A+
)
RUN = re.compile(rf"[{WIDE}]+")
GAP = re.compile(r"[\s\"'-]{1,3}|[/:@_+]?|(?<=[^\W\d])\.")  # between two words of one phrase
CAPITALS = re.compile(r"[A-Z]{2,4}")
_SEVERAL = re.compile(r"([A-Z]{2,4})'?s")  # LEDs; WHO's
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]?")  # U.S.
_POSSESSIVE = re.compile(r"'s?$")
PLACES = "市省县"  # what is watched for stands before them: 北京 in 北京市
# What may follow the last word of a phrase of several, or stand before its first, and make one word
# of the dictionary with it: 量子计算 in 量子计算机, 固态电池 in 全固态电池.
ENDINGS = "法机学部元员者化性业器站率级费"
BEGINNINGS = "全超非"
MIN_PART = 2  # characters of each half of a compound
MIN_SINGULAR = 6  # letters of a word that may be a plural by its "s" alone


@cache
def _dictionary() -> ModuleType:
    """The dictionary of Chinese words, loaded when the first phrase is looked for: it takes 33 MB,
    and processes that only send need none."""
    import rjieba  # noqa: PLC0415

    return rjieba


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
        if several := _SEVERAL.fullmatch(word):
            text_of_word = several[1]
        elif _DOTTED.fullmatch(word):
            text_of_word = word = word.replace(".", "")
        else:
            text_of_word = word
        plain = word.casefold()
        raw = _POSSESSIVE.sub("", plain).replace("'", "").replace(",", "")
        yield Word(match.start(), match.end(), text_of_word, raw, stem_of(plain))


@lru_cache(maxsize=100_000)
def ends_of(raw: str) -> frozenset[str]:
    """Return a word with its stem, and without its "s" where it is long enough to be a plural."""
    forms = {raw, stem_of(raw)}
    plural = raw.endswith("s") and not raw.endswith("ss") and raw not in APART
    if plural and len(raw) >= MIN_SINGULAR:
        forms.add(raw[:-1])
    return frozenset(forms)


@dataclass(slots=True)
class Bounds:
    """The places of a folded text at which a Chinese phrase may begin or end.

    `hard` are the ends of the words by the dictionary, and the joints of a compound of known words
    (北京 in 北京大学), but not the inside of any other known word (人机 in 无人机). At `soft` ones
    a phrase of several words may begin or end. `single` are the places of single characters that
    are the first or last of a short word: 氢 in 制氢.
    """

    hard: set[int] = field(default_factory=set)
    soft: set[int] = field(default_factory=set)
    single: set[int] = field(default_factory=set)

    def hold(self, start: int, stop: int, *, joined: bool = False) -> bool:
        """Return whether a phrase that stands there is not a part of other words; `joined`, where
        there is more of it beside."""
        if stop - start == 1 and start in self.single:
            return True
        if start in self.hard and stop in self.hard:
            return True
        several = joined or any(at in self.hard for at in range(start + 1, stop))
        return several and all(at in self.hard or at in self.soft for at in (start, stop))


def bounds_of(text: str, *, edges: Iterable[int] = ()) -> Bounds:
    """Return where Chinese phrases may begin and end in a folded text; also at its `edges`."""
    bounds = Bounds(hard=set(edges))
    for run in RUN.finditer(text):
        at = run.start()
        bounds.hard.add(at)
        for word in _dictionary().cut(run[0], hmm=False):
            stop = at + len(word)
            bounds.hard.add(stop)
            bounds.hard |= {at + n for n in _joints(word)}
            bounds.soft |= {at + n for n in _soft(word)}
            bounds.single |= {at + n for n in _singles(word)}
            at = stop
    return bounds


@lru_cache(maxsize=100_000)
def _joints(word: str) -> frozenset[int]:
    """Return where a word may be parted into known words of at least MIN_PART characters each, and
    where a name or a long word ends in it: 北京 in 北京市, 知识产权 in 知识产权局."""
    size = len(word)
    fits = [True] + [False] * size  # the characters before n are known words
    for n in range(MIN_PART, size + 1):
        fits[n] = any(
            fits[begin] and (begin or n < size) and _is_known(word[begin:n])
            for begin in range(n - MIN_PART + 1)
        )
    found: set[int] = set()
    ends = {size} if fits[size] else set()
    while ends:
        end = ends.pop()
        for begin in range(MIN_PART, end - MIN_PART + 1):
            if begin not in found and fits[begin] and _is_known(word[begin:end]):
                found.add(begin)
                ends.add(begin)
    return frozenset(found | {end - 1 for end in (*found, size) if _is_head_and_end(word[:end])})


def _is_head_and_end(word: str) -> bool:
    ended = len(word) > 2 * MIN_PART or (len(word) > MIN_PART and word[-1] in PLACES)
    return ended and _is_known(word[:-1])


def _soft(word: str) -> list[int]:
    if len(word) <= MIN_PART:
        return []
    found = []
    if word[-1] in ENDINGS and _is_known(word[:-1]):
        found.append(len(word) - 1)
    if word[0] in BEGINNINGS and _is_known(word[1:]):
        found.append(1)
    return found


def _singles(word: str) -> list[int]:
    """Return which characters of a short word may be words: 氢 in 制氢 and 氢能, 锂 in 锂电池, but
    not 金 in 基金会."""
    if len(word) <= MIN_PART:
        return list(range(len(word)))
    if len(word) > MIN_PART + 1:
        return []
    return [0] * _is_known(word[1:]) + [len(word) - 1] * _is_known(word[:-1])


@lru_cache(maxsize=100_000)
def _is_known(word: str) -> bool:
    return bool(_dictionary().has_word(word))
