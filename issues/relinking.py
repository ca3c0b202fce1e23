"""Links through an edit: which of their words are left, and where.

Words are the same words as long as they, and the word before or after them, stand in a stretch
that the edit left as it was. Where it cannot be told which of several like words were taken out,
none of them is linked: no words ever receive the link of others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from msgspec.structs import replace

from pdf_reading.issue_text import Link
from pdf_reading.linking import Linked

_TOKEN = re.compile(r"[^\W\u2e80-\u9fff\uf900-\ufaff]+|.", re.DOTALL)  # Chinese by character
_START, _END = "\x00start", "\x00end"  # no token of a text is one

Same = Mapping[int, int]


def relinked(before: Sequence[Linked], after: Sequence[str]) -> list[tuple[Link, ...]]:
    """Return the links of each text of `after`, which the texts of `before` became by an edit."""
    found: list[list[Link]] = [[] for _ in after]
    if any(links for _, links in before):
        old, new = _Tokens.of([text for text, _ in before]), _Tokens.of(after)
        same = _same(old.tokens, new.tokens)
        for number, (_, links) in enumerate(before):
            for link in links:
                first, last = old.cover(number, link)
                if _is_left(same, first, last, old.tokens):
                    text, start = new.places[same[first]]
                    by = start - old.places[first][1]
                    found[text].append(replace(link, start=link.start + by, stop=link.stop + by))
    return [tuple(links) for links in found]


def unmoved(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Return which entries of `after`, by their numbers, are which of `before`: those that stayed
    in their order, and those that were moved and stand once in each."""
    same = {new: old for old, new in _same(before, after).items()}
    gone = [n for n in range(len(before)) if n not in same.values()]
    come = [n for n in range(len(after)) if n not in same]
    was, now = [before[n] for n in gone], [after[n] for n in come]
    for number, thing in zip(come, now, strict=True):
        if was.count(thing) == now.count(thing) == 1:
            same[number] = gone[was.index(thing)]
    return same


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The words and signs of several texts, each text between two marks; `places` says in which
    text each stands and where, `firsts` with which token each text begins."""

    tokens: list[str]
    places: list[tuple[int, int]]
    firsts: list[int]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Tokens:
        tokens: list[str] = []
        places: list[tuple[int, int]] = []
        firsts: list[int] = []
        for number, text in enumerate(texts):
            firsts.append(len(tokens))
            words = _TOKEN.findall(text)
            starts = accumulate(map(len, words), initial=0)
            tokens += [_START, *words, _END]
            places += [(number, 0), *((number, start) for start in starts)]
        return cls(tokens, places, firsts)

    def cover(self, number: int, link: Link) -> tuple[int, int]:
        """Return the first and the last token of a link in one of the texts."""
        begin = self.firsts[number] + 1
        first = bisect_right(self.places, (number, link.start), lo=begin) - 1
        last = bisect_right(self.places, (number, link.stop - 1), lo=begin) - 1
        return first, last


def _is_left(same: Same, first: int, last: int, tokens: Sequence[str]) -> bool:
    """Return whether an edit left some tokens together, and a word or an end of the text beside
    them."""
    together = all(
        n in same and same[n] - same.get(first, 0) == n - first for n in range(first, last + 1)
    )
    return together and any(
        _has_neighbour(same, at, tokens, step=step) for at, step in ((first, -1), (last, 1))
    )


def _has_neighbour(same: Same, at: int, tokens: Sequence[str], *, step: int) -> bool:
    while same.get(at + step) == same[at] + step:
        at += step
        if tokens[at] in {_START, _END} or tokens[at][0].isalnum():
            return True
    return False


def _same(before: Sequence[str], after: Sequence[str]) -> Same:
    """Return what comparing from the front and from the back agree on."""
    forward, backward = _forward(before, after), _forward(before[::-1], after[::-1])
    most = len(after) - 1
    return {
        old: new
        for old, new in forward.items()
        if backward.get(len(before) - 1 - old) == most - new
    }


def _forward(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
