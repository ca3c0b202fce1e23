"""The characters of texts for comparing, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pdf_reading.glyphs.normalisation import SOFT_BREAK

SUPERSCRIPTS = dict(
    zip(
        "0123456789abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
)
_SAME = {raised: plain for plain, raised in SUPERSCRIPTS.items()} | {SOFT_BREAK: "-", "‐": "-"}


def letters_of(texts: Iterable[str]) -> Counter[str]:
    """Count the characters of texts but for white space; a raised letter is a letter."""
    counts = Counter("".join("".join(texts).split()))
    for one in _SAME.keys() & counts.keys():
        counts[_SAME[one]] += counts.pop(one)
    return counts


def size_of(texts: Iterable[str]) -> int:
    """Return how many characters texts have that are not white space."""
    return len("".join("".join(texts).split()))
