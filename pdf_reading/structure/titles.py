"""Headings and the entries of the printed contents that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from pdf_reading.structure.contents import Entry
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.reprinted import comparable


def named_in(
    headlines: Sequence[Headline], entries: Sequence[Entry]
) -> list[tuple[Headline, Entry]]:
    """Return each heading with the entry of the contents that names it, if one does."""
    by_words: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_words[comparable(entry.title)].append(entry)
    found = []
    for head in headlines:
        words = comparable(head.text)
        near = by_words.get(words) or [
            e for w, es in by_words.items() if alike(words, w) for e in es
        ]
        close = [entry for entry in near if not entry.page or abs(entry.page - head.page) <= 1]
        if close or (near and words in by_words):
            found.append((head, (close or near)[0]))
    return found


def alike(one: str, other: str) -> bool:
    """Return whether two plain titles are one but for an ellipsis or a slip."""
    if min(len(one), len(other)) < 6:
        return one == other
    if abs(len(one) - len(other)) > 0.3 * max(len(one), len(other)):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.88
