"""Superscripts: small raised figures and letters behind a character, as in powers, marks of
footnotes and ordinal numbers.

By its baseline each would be a line of its own. In the line of the character the ending of an
ordinal number is plain, and everything else the superscript of Unicode.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from pdf_reading.glyphs.letters import SUPERSCRIPTS
from pdf_reading.glyphs.page import Glyph
from pdf_reading.lexicon import is_ordinal_ending

_SMALL = 0.8  # of the size of the character before
_LOW, _HIGH = 0.2, 0.6  # of that size, between the baselines
_NEAR = 0.3  # of that size, between the two
_REACH = range(-4, 2)  # points around its left edge where the character before ends


def with_superscripts(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, raised ones on the baseline of their line."""
    hosts = _hosts(glyphs)
    raised = {
        glyph: glyph._replace(text=text, baseline=host.baseline, size=host.size)
        for chain, host in _chains(hosts)
        for glyph, text in zip(chain, _as_printed(chain, host), strict=True)
    }
    return [raised.get(glyph, glyph) for glyph in glyphs] if raised else list(glyphs)


def _hosts(glyphs: Sequence[Glyph]) -> dict[Glyph, Glyph]:
    """Each raised glyph with the one before it, which may be raised too."""
    candidates = sorted(_candidates(glyphs), key=attrgetter("x0"))
    least = min((glyph.size for glyph in candidates), default=math.inf)
    may_be_raised = set(map(id, candidates))
    ends: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if _SMALL * glyph.size >= least or id(glyph) in may_be_raised:
            ends[round(glyph.x1)].append(glyph)
    hosts: dict[Glyph, Glyph] = {}
    for glyph in candidates:
        before = (one for step in _REACH for one in ends.get(round(glyph.x0) + step, ()))
        found = [
            one
            for one in before
            if _is_superscript_of(glyph, one)
            or (hosts and _goes_on(glyph, one) and one in hosts)  # hashing a glyph is dear
        ]
        if found:
            hosts[glyph] = min(found, key=lambda one: abs(glyph.x0 - one.x1))
    return hosts


def _candidates(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that may be raised; letters only in a size that is not the usual one of a page."""
    usual = Counter(glyph.size for glyph in glyphs).most_common(1)[0][0] if glyphs else 0.0
    return [
        glyph
        for glyph in glyphs
        if glyph.text in SUPERSCRIPTS and (glyph.size != usual or glyph.text.isdigit())
    ]


def _chains(hosts: Mapping[Glyph, Glyph]) -> Iterable[tuple[list[Glyph], Glyph]]:
    """The raised glyphs that follow each other, from left to right, and what they stand behind."""
    chains: dict[Glyph, list[Glyph]] = {}
    of: dict[Glyph, Glyph] = {}
    for glyph, host in hosts.items():
        first = of.get(host, glyph)
        of[glyph] = first
        chains.setdefault(first, []).append(glyph)
    return ((chain, hosts[first]) for first, chain in chains.items())


def _as_printed(chain: Sequence[Glyph], host: Glyph) -> str:
    letters = "".join(glyph.text for glyph in chain)
    if host.text.isdigit() and is_ordinal_ending(letters):
        return letters
    return "".join(SUPERSCRIPTS[letter] for letter in letters)


def _is_superscript_of(glyph: Glyph, before: Glyph) -> bool:
    if glyph.size > _SMALL * before.size:
        return False
    rise = (before.baseline - glyph.baseline) / before.size
    gap = (glyph.x0 - before.x1) / before.size
    return _LOW <= rise <= _HIGH and -_NEAR <= gap <= _NEAR


def _goes_on(glyph: Glyph, before: Glyph) -> bool:
    """Whether it is the next of several raised glyphs."""
    return abs(glyph.baseline - before.baseline) < 0.5 and abs(glyph.size - before.size) < 0.5
