"""Headings that follow others at once: names of sections stand right above headlines."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence

from pdf_reading.lexicon import is_subtitle
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.looks import are_names
from pdf_reading.structure.styles import Style

LONE_PAIR = 2  # sections of an issue, one of which holds no headline


def next_heads(style: Style, headlines: Sequence[Headline]) -> list[Headline | None]:
    """Return for each member the heading that follows with nothing between, if there is one. A
    member above figures alone shows nothing of what it heads."""
    starts = {head.start: head for head in headlines}
    following = (starts.get(head.stop) for head in style.members if not head.above_figures)
    return [None if head and is_subtitle(head.text) else head for head in following]


def is_followed(style: Style, headlines: Sequence[Headline]) -> bool:
    following = next_heads(style, headlines)
    return sum(head is not None for head in following) >= max(0.6 * len(following), 1)


def follower_of(
    style: Style, styles: Sequence[Style], headlines: Sequence[Headline]
) -> Style | None:
    """The style that heads the articles of the sections that `style` heads, if it does."""
    following = next_heads(style, headlines)
    ids = {id(h): s for s in styles for h in s.members}
    after = Counter(id(ids[id(head)]) for head in following if head and id(head) in ids)
    if not after:
        return None
    nearest, count = after.most_common(1)[0]
    found = next(s for s in styles if id(s) == nearest)
    most = count >= 0.6 * len(following) or _are_sections(count, style, found)
    more = max(2, len(following))  # one under one is a subtitle
    return found if most and found is not style and len(found.members) >= more else None


def _are_sections(count: int, style: Style, below: Style) -> bool:
    """Whether the members of a style head sections though some open with a note and some hold no
    headline at all: of those that hold members of `below`, `count` have one at once."""
    starts = [head.start for head in style.members if not head.above_figures]
    inside = Counter(bisect(starts, head.start) for head in below.members)
    inside.pop(0, None)
    several = inside.total() > len(inside)
    if are_names(style.members) and several:
        return count >= max(1, 0.3 * len(starts), 0.3 * len(inside))
    if len(starts) == LONE_PAIR:
        return count == len(inside) == 1 and inside.total() > LONE_PAIR
    return several and count >= max(2, 0.3 * len(starts), 0.4 * len(inside))
