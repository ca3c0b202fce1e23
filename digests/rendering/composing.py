"""Which articles stand in an edition, under which heads, and how much of each. Plain Python.

A topic mask is an `int`: bit n is set when the n-th of a digest's topics is in it. Readers who
follow the same topics and whose keyword alerts match the same articles share an edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

ALERTS = "watched"  # the key of the articles that keyword alerts matched; part of an anchor


@dataclass(frozen=True, slots=True)
class Mailed:
    """A section of a digest: its `key`, the bit of its topic, the ids of its articles in order."""

    key: str
    topic: int
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles under one head, by their ids: those that are shown with their leads, those of
    which only the headlines are shown, and how many are left to the page of the issue.

    `key` is that of the section, or ALERTS.
    """

    key: str
    whole: tuple[int, ...]
    brief: tuple[int, ...] = ()
    left: int = 0

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
    alert_articles: Sequence[int] = (),
    left_out: frozenset[int] = frozenset(),
) -> list[Group]:
    """Return the articles of an edition, each once: the `alert_articles` first, then the sections
    of the topics in `topic_mask`; without those that are `left_out`."""
    passed_over = left_out.union(alert_articles)
    chosen = [Group(ALERTS, tuple(pk for pk in alert_articles if pk not in left_out))]
    for section in sections:
        if topic_mask >> section.topic & 1:
            rest = tuple(article for article in section.articles if article not in passed_over)
            chosen.append(Group(section.key, rest))
    return [group for group in chosen if group.whole]


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of an article, with its lead and without."""

    whole: int
    brief: int


def fitted(whole: Sequence[Group], *, weights: Mapping[int, Weight], room: int) -> list[Group]:
    """The groups, trimmed so that their articles weigh at most `room` bytes together.

    Fair: the groups give an article in turn, so that of two that were trimmed none shows more
    than one article more. First leads go, from the end of each group; headlines take half of
    the room at most, and what does not fit into that is left to the page of the issue.
    """
    if sum(weights[article].whole for group in whole for article in group.whole) <= room:
        return list(whole)
    turns = list(_turns(whole))
    shown, spent = _taken(turns, [weights[a].brief for _, a in turns], room=room // 2)
    extra = [weights[a].whole - weights[a].brief for _, a in turns[:shown]]
    leads, _ = _taken(turns[:shown], extra, room=room - spent)
    return [
        _trimmed(group, shown=_of(n, turns[:shown]), leads=_of(n, turns[:leads]))
        for n, group in enumerate(whole)
    ]


def _turns(whole: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """The first article of each group, then the second of each, and so on, with the group's
    place."""
    for turn in zip_longest(*(group.whole for group in whole)):
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
    return replace(
        group,
        whole=group.whole[:leads],
        brief=group.whole[leads:shown],
        left=len(group.whole) - shown,
    )
