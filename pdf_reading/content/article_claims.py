"""The claims of articles on the printed characters, held against what their texts have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from pdf_reading.account import Destination
from pdf_reading.content.parts import Part
from pdf_reading.content.prose import holds_prose
from pdf_reading.glyphs.letters import letters_of, size_of
from pdf_reading.glyphs.normalisation import SOFT_BREAK
from pdf_reading.issue_text import Passage
from pdf_reading.layout.lines import Line
from pdf_reading.layout.omissions import text_in, words_of
from pdf_reading.lexicon import label
from pdf_reading.structure.headings import Headline

_HYPHENS = ("-", "‐")


class Entry(NamedTuple):
    """So many characters of a page went there."""

    page: int
    destination: Destination
    characters: int


class Claim(NamedTuple):
    """A printed text of a page, and where it went."""

    destination: Destination
    page: int
    text: str


class Removal(NamedTuple):
    """Characters of a claim that the text goes without, and for what reason."""

    reason: Destination
    destination: Destination
    page: int
    letters: Counter[str]


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one article on its `lines`, of which the first has the index `start`, what was
    removed of them, and the figures of which the words are `left_over`."""

    lines: Sequence[Line] = ()
    start: int = 0
    claims: list[Claim] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    left_over: list[Line] = field(default_factory=list)

    def take(self, destination: Destination, part: Part | Line) -> None:
        """Claim a part of the article."""
        for line in self._lines_of(part):
            for words in words_of(line):
                self.claims.append(Claim(destination, line.page, text_in(words)))

    def take_all(self, destination: Destination, lines: Iterable[Line]) -> None:
        """Claim lines."""
        for line in lines:
            self.take(destination, line)

    def take_inset(self, line: Line) -> None:
        """Claim the cells of a table, or the words inside of a figure if they are no prose."""
        if line.inset and line.inset.kind == "table":
            self.take(Destination.TABLE, line)
        elif line.inset and holds_prose(line.inset):
            self.left_over.append(line)
        else:
            self.take(Destination.FIGURE, line)

    def take_credit(self, part: Headline | Line, names: Iterable[str]) -> None:
        """Claim a line of which the article has the `names` without their labels."""
        self.take(Destination.CREDIT, part)
        self.remove(
            Destination.LABEL, Destination.CREDIT, page=part.page, printed=[part.text], kept=names
        )

    def take_title(self, lines: Iterable[Line]) -> None:
        """Claim the lines of a headline, which may go without its number."""
        for line in lines:
            self.take(Destination.HEADLINE, line)
            self.remove(
                Destination.LABEL,
                Destination.HEADLINE,
                page=line.page,
                printed=[label(line.text)],
            )

    def remove_section(self, name: str) -> None:
        """Say that the headline may go without the name of its section and the stroke behind it."""
        for one in [one for one in self.claims if one.destination is Destination.HEADLINE][:1]:
            self.remove(
                Destination.SECTION, Destination.HEADLINE, page=one.page, printed=[name, "/"]
            )

    def remove_quotes(self, quotes: Iterable[Passage]) -> None:
        """Say that passages are left out whose words the text has, too."""
        for one in quotes:
            self.remove(Destination.REPEATED, Destination.HEADING, page=one.page, printed=one.texts)

    def remove(
        self,
        reason: Destination,
        destination: Destination,
        *,
        page: int,
        printed: Iterable[str],
        kept: Iterable[str] = (),
    ) -> None:
        """Say that of what was `printed` only what is `kept` stands in the article."""
        letters = letters_of(printed) - letters_of(kept)
        self.removals.append(Removal(reason, destination, page, letters))

    def _lines_of(self, part: Part | Line) -> Sequence[Line]:
        if isinstance(part, Headline):
            return self.lines[part.start - self.start : part.stop - self.start]
        return (part,) if isinstance(part, Line) else part.lines


def settled(claims: Claims, texts: Iterable[str]) -> Iterator[Entry]:
    """Yield what became of the characters that were claimed, as far as `texts` have them.

    What is in no text, and was not removed for a reason, is lost; what no claim explains is counted
    all the same, so that the account does not add up.
    """
    for claim in claims.claims:
        yield Entry(claim.page, claim.destination, size_of([claim.text]))
    claimed, held = letters_of(claim.text for claim in _of_texts(claims)), letters_of(texts)
    missing = claimed - held
    for removal in chain(claims.removals, _hyphens(claims), _rest(claims)):
        if not missing:
            break
        gone = missing & removal.letters
        missing -= gone
        yield Entry(removal.page, removal.destination, -gone.total())
        yield Entry(removal.page, removal.reason, gone.total())
    if unexplained := held - claimed:
        page = next((claim.page for claim in claims.claims), 1)
        yield Entry(page, Destination.PARAGRAPH, unexplained.total())


def _of_texts(claims: Claims) -> Iterator[Claim]:
    """The claims but for those on the words in figures, which no text has."""
    return (one for one in claims.claims if one.destination is not Destination.FIGURE)


def _hyphens(claims: Claims) -> Iterator[Removal]:
    """The hyphens at the ends of lines, which joining removes."""
    for one in claims.claims:
        if count := one.text.count(SOFT_BREAK) + one.text.endswith(_HYPHENS):
            yield Removal(Destination.HYPHEN, one.destination, one.page, Counter({"-": count}))


def _rest(claims: Claims) -> Iterator[Removal]:
    """All that was claimed: what is still missing of it is lost."""
    for one in _of_texts(claims):
        yield Removal(Destination.LOST, one.destination, one.page, letters_of([one.text]))
