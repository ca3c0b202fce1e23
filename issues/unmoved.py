"""The entries of a sequence that an edit left as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

Same = Mapping[int, int]


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
