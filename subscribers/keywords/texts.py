"""Texts in which phrases are looked for: what each holds is written down once, so that a phrase
costs as much as it has candidates."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from subscribers.keywords.folding import MARKS, Folded, folded
from subscribers.keywords.query import Part, Phrase, Term
from subscribers.keywords.words import (
    CAPITALS,
    GAP,
    RUN,
    Bounds,
    Word,
    bounds_of,
    ends_of,
    words_of,
)

MAX_COMPOUND = 4  # words that may be written as one
BETWEEN = "\n。\n"  # texts, so that no phrase stands in two
Span = tuple[int, int]


class SearchedTexts:
    """Several texts, in all of which a phrase is looked for at once: a phrase costs as much in a
    hundred texts as in one."""

    def __init__(self, texts: Iterable[str]) -> None:
        composed = [unicodedata.normalize("NFC", text) for text in texts]
        self._starts = [0, *accumulate(len(text) + len(BETWEEN) for text in composed)]
        self._whole = _SearchedText(BETWEEN.join(composed))

    def spans(self, phrase: Phrase) -> dict[int, list[Span]]:
        """Return where the phrase stands, by the numbers of the texts that have all its terms, and
        none that they must not have."""
        if not phrase.terms:
            return {}
        found, *others = (self._by_text(term) for term in phrase.terms)
        for more in others:
            found = {n: sorted({*found[n], *more[n]}) for n in found.keys() & more.keys()}
        for term in phrase.without if found else ():
            found = {n: found[n] for n in found.keys() - self._by_text(term).keys()}
        return dict(sorted(found.items()))

    def _by_text(self, term: Term) -> dict[int, list[Span]]:
        found: dict[int, list[Span]] = {}
        for start, stop in self._whole.places(term):
            n = bisect_right(self._starts, start) - 1
            found.setdefault(n, []).append((start - self._starts[n], stop - self._starts[n]))
        return found


class _SearchedText:
    """A text, composed (NFC), with what tells where a phrase stands in it."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text)
        self._folded: Folded = folded(self.text, without=MARKS)
        self._words = list(words_of(self._folded.text))
        self._joined = [
            GAP.fullmatch(self._folded.text, one.stop, other.start) is not None
            for one, other in pairwise(self._words)
        ]

    def places(self, term: Term) -> list[Span]:
        """Return where a term stands in `text`, in order."""
        return sorted({self._folded.span(*place) for place in self._places(term)})

    def _places(self, term: Term) -> Iterator[Span]:
        """Yield where a term stands in the folded text."""
        first, *others = term.parts
        for start, stop in self._starts(first, exact=term.exact):
            ends = self._ends(others, stop, exact=term.exact)
            if ends and (term.exact or self._is_whole(term, [(start, stop), *ends[1:]])):
                yield start, ends[-1][1]

    def _ends(self, parts: Sequence[Part], stop: int, *, exact: bool) -> list[Span]:
        """Return where parts stand that follow each other from `stop` on, behind that itself; none
        where one does not."""
        found = [(stop, stop)]
        for part in parts:
            place = self._goes_on(part, found[-1][1], exact=exact)
            if place is None:
                return []
            found.append(place)
        return found

    def _is_whole(self, term: Term, places: Sequence[Span]) -> bool:
        """Return whether no part of a term stands within another word."""
        return all(
            self._bounds.hold(start, stop, joined=len(places) > 1)
            for part, (start, stop) in zip(term.parts, places, strict=True)
            if part.wide
        )

    def _starts(self, part: Part, *, exact: bool) -> Iterator[Span]:
        """Yield where a term may begin: with its first part."""
        if part.wide:
            for at in self._grams.get(part.wide[:2], ()):
                if self._folded.text.startswith(part.wide, at):
                    yield at, at + len(part.wide)
            return
        seen = set()
        for at in self._candidates(part, exact=exact):
            stop = self._row(part, at, exact=exact)
            if stop is not None:
                seen.add(at)
                yield self._words[at].start, stop
        if not exact:
            yield from (span for at, span in self._compounds_like(part) if at not in seen)

    def _candidates(self, part: Part, *, exact: bool) -> list[int]:
        """Return the words at which a part may begin, by the rarest of its own."""
        forms = [word.raw if exact else word.stem for word in part.words]
        places = [self._by_form.get(form, []) for form in forms]
        rarest = min(range(len(places)), key=lambda n: len(places[n]))
        return [at - rarest for at in places[rarest] if at >= rarest]

    def _goes_on(self, part: Part, end: int, *, exact: bool) -> Span | None:
        """Return where a part stands that follows at once, or behind a gap; None where it does
        not."""
        gap = GAP.match(self._folded.text, end)
        for start in dict.fromkeys((end, gap.end() if gap else end)):
            if part.wide:
                if self._folded.text.startswith(part.wide, start):
                    return start, start + len(part.wide)
                continue
            at = self._by_start.get(start)
            stop = None if at is None else self._row(part, at, exact=exact)
            if stop is not None:
                return start, stop
        return None

    def _row(self, part: Part, at: int, *, exact: bool) -> int | None:
        """Return where the words of a part end that stand in a row from the word `at` on."""
        if at + len(part.words) > len(self._words):
            return None
        if not all(self._joined[at : at + len(part.words) - 1]):
            return None
        here = self._words[at : at + len(part.words)]
        alike = all(_is_same(*pair, exact=exact) for pair in zip(part.words, here, strict=True))
        return here[-1].stop if alike else None

    def _compounds_like(self, part: Part) -> Iterator[tuple[int, Span]]:
        """Yield the words that say the same written as one, or as several: MicroLED, micro-led."""
        head = "".join(word.raw for word in part.words[:-1])
        for form in {head + end for end in part.words[-1].ends} | ends_of(
            head + part.words[-1].raw
        ):
            for at, count in self._compounds.get(form, ()):
                here = self._words[at : at + count]
                if _has_capitals(part, "".join(word.text for word in here)):
                    yield at, (here[0].start, here[-1].stop)

    @cached_property
    def _by_start(self) -> dict[int, int]:
        return {word.start: n for n, word in enumerate(self._words)}

    @cached_property
    def _by_form(self) -> dict[str, list[int]]:
        """The numbers of the words by their letters, and by their stems."""
        found: dict[str, list[int]] = defaultdict(list)
        for n, word in enumerate(self._words):
            for form in {word.raw, word.stem}:
                found[form].append(n)
        return found

    @cached_property
    def _compounds(self) -> dict[str, list[Span]]:
        """Up to MAX_COMPOUND words as one, by the forms of that: the first, and how many."""
        found: dict[str, list[Span]] = defaultdict(list)
        for at in range(len(self._words)):
            head = ""
            for count, word in enumerate(self._words[at : at + MAX_COMPOUND], start=1):
                if count > 1 and not self._joined[at + count - 2]:
                    break
                for form in {head + end for end in word.ends}:
                    found[form].append((at, count))
                head += word.raw
        return found

    @cached_property
    def _bounds(self) -> Bounds:
        return bounds_of(self._folded.text, edges=self._folded.edges)

    @cached_property
    def _grams(self) -> dict[str, list[int]]:
        """Where each ideograph, and each two of them, stand."""
        found: dict[str, list[int]] = defaultdict(list)
        for run in RUN.finditer(self._folded.text):
            for at in range(run.start(), run.end()):
                found[self._folded.text[at]].append(at)
                if at + 1 < run.end():
                    found[self._folded.text[at : at + 2]].append(at)
        return found


def _is_same(wanted: Word, found: Word, *, exact: bool) -> bool:
    """Whether a word is the one that is looked for. Two to four capitals are those capitals alone,
    or several of them: LED, LEDs."""
    if CAPITALS.fullmatch(wanted.text) and found.text != wanted.text:
        return False
    return wanted.raw == found.raw if exact else wanted.stem == found.stem


def _has_capitals(part: Part, text: str) -> bool:
    """Whether the capitals of a part stand in the same places of a compound: GPT-4, GPT4."""
    at = 0
    for word in part.words:
        if CAPITALS.fullmatch(word.text) and not text.startswith(word.text, at):
            return False
        at += len(word.raw)
    return True
