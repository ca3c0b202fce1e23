"""A phrase as a reader types it: words in a row, "exactly" in quotation marks, -without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from subscribers.keywords.folding import MARKS, SHAPES, folded
from subscribers.keywords.words import CAPITALS, RUN, Word, words_of

MAX_LENGTH = 60  # characters
MAX_KEY = 240
MIN_LETTERS = 2  # of a phrase without ideographs
MAX_KEYWORD_ALERTS = 10  # of one reader

_THOUSANDS = r"(?<=\d),(?=\d{3}(?!\d))"
_PHRASE = re.compile(rf'(?:"[^"\r\n]*"|{_THOUSANDS}|[^\r\n{re.escape(",，、;；。")}])+')
_ITEM = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<exact>[^"]*)"|(?P<plain>[^\s"]+))')
_MINUS = str.maketrans("－﹣−", "---")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand in a row, or else a stretch of ideographs."""

    words: tuple[Word, ...] = ()
    wide: str = ""

    @property
    def key(self) -> str:
        """Return what tells the part from others."""
        return self.wide or " ".join(_key_of(word) for word in self.words)

    @property
    def letters(self) -> str:
        """Return its words letter by letter."""
        return " ".join(word.raw for word in self.words)


@dataclass(frozen=True, slots=True)
class Term:
    """Parts that stand in a row: words in their forms, or letter by letter where `exact`."""

    parts: tuple[Part, ...]
    exact: bool = False

    @property
    def key(self) -> str:
        """Return what tells the term from others."""
        if self.exact:
            return f'"{" ".join(part.wide or part.letters for part in self.parts)}"'
        return " ".join(part.key for part in self.parts)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A question to a text: all of `terms`, and none of `without`."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()

    @property
    def key(self) -> str:
        """Return what phrases that find the same have in common; "" for one that finds nothing."""
        if not self.terms:
            return ""
        return " ".join(
            [
                *(term.key for term in self.terms),
                *sorted(f"-{term.key}" for term in self.without),
            ]
        )


def split(typed: str) -> list[str]:
    """Return the phrases in what was typed: lines, commas and semicolons part them, but not within
    quotation marks."""
    text = unicodedata.normalize("NFC", typed).translate(SHAPES)
    found = (" ".join(match[0].split()) for match in _PHRASE.finditer(text))
    return [one for one in found if one]


@lru_cache(maxsize=100_000)
def phrase_of(typed: str) -> Phrase:
    """Return the phrase that somebody typed."""
    terms: list[Term] = []
    without: list[Term] = []
    row: list[str] = []  # words that follow each other stand in a row
    for item in _items(typed):
        if item["plain"] and not item["without"]:
            row.append(item["plain"])
            continue
        terms += _terms(" ".join(row))
        row = []
        exact = item["exact"] is not None
        (without if item["without"] else terms).extend(
            _terms(item["exact"] if exact else item["plain"], exact=exact)
        )
    return Phrase((*terms, *_terms(" ".join(row))), tuple(without))


def sought_in(typed: str) -> str:
    """Return the words of a phrase, but for those that it leaves out."""
    return " ".join(
        one["exact"] or one["plain"] or "" for one in _items(typed) if not one["without"]
    )


def _items(typed: str) -> Iterator[re.Match[str]]:
    text = unicodedata.normalize("NFC", typed).translate(SHAPES).translate(_MINUS)
    return _ITEM.finditer(text)


def _terms(words: str, *, exact: bool = False) -> list[Term]:
    """Return the term of some words; none where there are none."""
    text = folded(words, without=MARKS).text
    parts = tuple(_parts(text))
    return [Term(_as_said(parts), exact)] if parts else []


def _parts(text: str) -> Iterator[Part]:
    """Yield the words in a row, and the ideographs between them, of a folded text."""
    at = 0
    for run in RUN.finditer(text):
        if row := tuple(words_of(text[at : run.start()])):
            yield Part(words=row)
        yield Part(wide=run[0])
        at = run.end()
    if row := tuple(words_of(text[at:])):
        yield Part(words=row)


def _as_said(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts; where everything is in capitals they say nothing, and are no acronyms."""
    words = [word for part in parts for word in part.words]
    shouted = len(words) > 1 and all(word.text.isupper() for word in words)
    if not shouted:
        return parts
    return tuple(
        replace(part, words=tuple(replace(word, text=word.raw) for word in part.words))
        for part in parts
    )


def _key_of(word: Word) -> str:
    return f"={word.text}" if CAPITALS.fullmatch(word.text) else word.stem


def letters_in(phrase: Phrase) -> int:
    """Return how many letters a phrase has; an ideograph is enough for all that are needed."""
    return sum(
        MIN_LETTERS * len(part.wide) + sum(len(word.raw) for word in part.words)
        for term in phrase.terms
        for part in term.parts
    )
