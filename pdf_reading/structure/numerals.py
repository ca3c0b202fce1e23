"""The numbers of headings, and whether they count on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.lexicon import is_numbered

NEARLY_ALL = 0.8
_DIGITS = "一二三四五六七八九"
_NUMBER = re.compile(r"[（(第]?\s*(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?![\d.]\d)")


def number_of(text: str) -> int:
    """The number that a heading begins with; 0 for none, and for one of several parts (1.2)."""
    match = _NUMBER.match(text) if is_numbered(text) else None
    if not match:
        return 0
    number = match["number"]
    return int(number) if number.isdecimal() else _value(number)


def _value(numeral: str) -> int:
    """Up to 九十九."""
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.find(tens) + 1 or 1) * 10 * bool(ten) + (_DIGITS.find(ones) + 1 if ones else 0)


def count_on(numbers: Sequence[int]) -> bool:
    """Return whether numbers begin with 1 and nearly each is the next one or 1 again, as a heading
    may be missing."""
    steps = pairwise(numbers)
    right = sum(number in (last + 1, 1) for last, number in steps)
    return len(numbers) > 1 and numbers[0] == 1 and right >= NEARLY_ALL * (len(numbers) - 1)
