"""Which articles stand in an edition, under which heads, and how much of each. Plain Python.

A topic mask is an `int`: bit n is set when the n-th of a digest's topics is in it. Readers who
follow the same topics and whose keyword alerts match the same articles share an edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from digests.models.alert_keywords import Matched

ALL_ISSUES = (1 << 62) - 1  # the mask of as many issues as a digest can hold
ALERTS = "watched"  # the key of the articles that keyword alerts matched; part of an anchor
TOP = "top"  # the key of the editor's top story
MAX_FIRST = 3  # articles of a section whose beginnings are shown at most
MIN_FIRST = 2  # articles of sections whose beginnings are shown, whatever stands before them
MAX_WHOLE = 6  # articles whose beginnings are shown, if alerts do not match more
MAX_PICTURES = 1  # besides that of the top story
MAX_LISTED = 5  # headlines in the contents
FULL, SHORT, HEADLINES = "full", "short", "headlines"  # lengths, as `Subscriber.Length` has them


@dataclass(frozen=True, slots=True)
class Mailed:
    """A section of a digest: its `key`, the bit of its topic, the ids of its articles in order, and
    for each the issue mask by which it is there; none where all are of the first issue."""

    key: str
    topic: int
    articles: tuple[int, ...]
    masks: tuple[int, ...] = ()

    def within(self, issue_mask: int) -> Iterator[int]:
        """Yield its articles of which the mask tells."""
        masks = self.masks or (1,) * len(self.articles)
        both = zip(self.articles, masks, strict=True)
        return (article for article, mask in both if issue_mask & mask)


def mask_of(bits: Iterable[int]) -> int:
    """Return the issue mask of these bits."""
    return sum(1 << bit for bit in bits)


@dataclass(frozen=True, slots=True)
class Group:
    """Articles under one head, by their ids: those that are shown with their leads, those of
    which only the headlines are shown, and how many are left to the page of the issue, which are
    `hidden`. `pictured` are those of the first that are shown with their pictures.

    `key` is that of the section, or ALERTS, or TOP. With TOP, `sections` is the key of that in
    which it stands. With ALERTS, `keywords` are those for which its articles stand
    in front, `marked` the articles at which theirs are shown, and `quoted` those of which the
    sentence with the phrase stands instead of the lead.
    """

    key: str
    whole: tuple[int, ...]
    brief: tuple[int, ...] = ()
    left: int = 0
    hidden: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    pictured: frozenset[int] = frozenset()
    keywords: tuple[str, ...] = ()
    marked: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()

    @property
    def shown(self) -> tuple[int, ...]:
        """The articles that are shown, in order."""
        return self.whole + self.brief

    @property
    def count(self) -> int:
        """The number of articles, shown or not."""
        return len(self.shown) + self.left


def groups(
    sections: Iterable[Mailed],
    *,
    topic_mask: int,
    issue_mask: int = ALL_ISSUES,
    alert_articles: Sequence[int] = (),
    left_out: frozenset[int] = frozenset(),
    tops: Sequence[int] = (),
) -> list[Group]:
    """Return the articles of an edition, each once: the first of `tops` that stands in one of its
    sections; the `alert_articles`, then the sections of the topics in `topic_mask`, of the issues
    in `issue_mask`; without those that are `left_out`."""
    passed_over = left_out.union(alert_articles)
    chosen = [Group(ALERTS, tuple(pk for pk in alert_articles if pk not in left_out))]
    for section in sections:
        if topic_mask >> section.topic & 1:
            within = section.within(issue_mask)
            rest = tuple(article for article in within if article not in passed_over)
            chosen.append(Group(section.key, rest))
    return _with_top([group for group in chosen if group.whole], tops)


def _with_top(groups: list[Group], tops: Sequence[int]) -> list[Group]:
    """Return the groups with the first of `tops` that a section has in a group of its own, in front
    of all."""
    there = {pk for group in groups if group.key != ALERTS for pk in group.whole}
    top = next((pk for pk in tops if pk in there), None)
    if top is None:
        return groups
    rest = [replace(group, whole=_without(top, group.whole)) for group in groups]
    section = tuple(group.key for group in groups if group.key != ALERTS and top in group.whole)
    return [Group(TOP, (top,), sections=section), *(group for group in rest if group.whole)]


def _without(article: int, articles: Iterable[int]) -> tuple[int, ...]:
    return tuple(pk for pk in articles if pk != article)


def whole_with_pictures(groups: Iterable[Group]) -> list[Group]:
    """Return the groups with every article whole, as a correction has them."""
    return [replace(group, pictured=frozenset(group.whole)) for group in groups]


def shortened(
    groups: Sequence[Group], *, length: str, pictured: Collection[int] = ()
) -> list[Group]:
    """Return the groups with as many beginnings of articles as a reader's `length` has: in FULL
    the top story, all that alerts matched, and as many of the sections' articles, in turn, as make
    MAX_WHOLE with them, MIN_FIRST at least; in SHORT that of the first of each group; else none. In
    FULL, the first MAX_PICTURES of those that have pictures (`pictured`) show them."""
    if length != FULL:
        return [_begun(group, int(length == SHORT)) for group in groups]
    begun = {n: 0 for n, group in enumerate(groups) if group.key not in {ALERTS, TOP}}
    before = sum(len(group.whole) for n, group in enumerate(groups) if n not in begun)
    room = max(MAX_WHOLE - before, MIN_FIRST)
    for n, _ in _turns(groups):
        if n in begun and begun[n] < MAX_FIRST and sum(begun.values()) < room:
            begun[n] += 1
    full = [_begun(group, begun.get(n, len(group.whole))) for n, group in enumerate(groups)]
    shown = [pk for group in full if group.key != TOP for pk in group.whole if pk in pictured]
    chosen = frozenset(shown[:MAX_PICTURES])
    return [replace(group, pictured=chosen.intersection(group.whole)) for group in full]


def _begun(group: Group, number: int) -> Group:
    return replace(group, whole=group.whole[:number], brief=group.whole[number:])


def listed(groups: Sequence[Group]) -> list[tuple[Group, tuple[int, ...]]]:
    """Return the groups whose headlines stand in the contents, each with these: MAX_LISTED in all,
    the first of each group before the second of any; nothing where there is one group alone."""
    rest = [group for group in groups if group.key != TOP]
    if len(rest) < 2:
        return []
    turns = list(_turns(rest))[:MAX_LISTED]
    found = ((group, _of(n, turns)) for n, group in enumerate(rest))
    return [(group, group.shown[:number]) for group, number in found if number]


def marked(groups: Iterable[Group], matched: Mapping[int, Matched]) -> list[Group]:
    """Return the groups, that of the alerts with what is `matched` in its articles."""
    return [_marked(group, matched) if group.key == ALERTS else group for group in groups]


def _marked(group: Group, matched: Mapping[int, Matched]) -> Group:
    found = {pk: matched[pk] for pk in group.shown if pk in matched}
    return replace(
        group,
        keywords=tuple(dict.fromkeys(phrase for one in found.values() for phrase in one.keywords)),
        marked=frozenset(found),
        quoted=frozenset(pk for pk, one in found.items() if one.length),
    )


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of an article, with its lead and without."""

    whole: int
    brief: int


def fitted(whole: Sequence[Group], *, weights: Mapping[int, Weight], room: int) -> list[Group]:
    """The groups, trimmed so that their articles weigh at most `room` bytes together.

    Fair: the groups give an article in turn, so that of two that were trimmed none shows more
    than one article more. First leads go, from the end of each group; headlines take what
    they leave, half of the room at least, and what does not fit into that is left to the page of
    the issue.
    """
    begun = {article for group in whole for article in group.whole}
    turns = list(_turns(whole))
    briefs = [weights[a].brief for _, a in turns]
    extra = [weights[a].whole - weights[a].brief if a in begun else 0 for _, a in turns]
    if sum(briefs) + sum(extra) <= room:
        return list(whole)
    shown, spent = _taken(turns, briefs, room=room - min(sum(extra), room // 2))
    leads, _ = _taken(turns[:shown], extra[:shown], room=room - spent)
    return [
        _trimmed(group, shown=_of(n, turns[:shown]), leads=_of(n, turns[:leads]))
        for n, group in enumerate(whole)
    ]


def _turns(whole: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """The first article of each group, then the second of each, and so on, with the group's
    place."""
    for turn in zip_longest(*(group.shown for group in whole)):
        yield from ((n, article) for n, article in enumerate(turn) if article is not None)


def _taken(turns: Sequence[tuple[int, int]], costs: Sequence[int], *, room: int) -> tuple[int, int]:
    """Return how many of `turns` fit into `room`, and what they cost together."""
    spent = 0
    for n, cost in enumerate(costs):
        if spent + cost > room:
            return n, spent
        spent += cost
    return len(turns), spent


def _of(group: int, turns: Sequence[tuple[int, int]]) -> int:
    return sum(n == group for n, _ in turns)


def _trimmed(group: Group, *, shown: int, leads: int) -> Group:
    begun = min(leads, len(group.whole))
    return replace(
        group,
        whole=group.shown[:begun],
        brief=group.shown[begun:shown],
        left=len(group.shown) - shown,
        hidden=group.shown[shown:],
    )
