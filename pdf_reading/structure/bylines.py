"""Bylines in a type of their own: the names of people right below headlines head nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.lexicon.people import are_people
from pdf_reading.structure.headings import Headline

MIN_SMALLER = 0.5  # points
MIN_NAMES = 2  # in one type
MIN_SHARE = 0.5  # of what stands in it


def without_bylines(heads: Sequence[Headline]) -> list[Headline]:
    """The headings without those that say who wrote the article of the one above. A type is that of
    bylines where most that stands in it is."""
    names = [head for last, head in pairwise(heads) if _says_who_wrote(head, last)]
    all_in, named_in = (Counter(head.face for head in part) for part in (heads, names))
    bylines = {
        id(head)
        for head in names
        if named_in[head.face] >= max(MIN_NAMES, MIN_SHARE * all_in[head.face])
    }
    return [head for head in heads if id(head) not in bylines]


def _says_who_wrote(head: Headline, last: Headline) -> bool:
    smaller = head.face.size < last.face.size - MIN_SMALLER
    return head.start == last.stop and smaller and are_people(head.text)
