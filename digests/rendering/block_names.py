"""The names of the blocks of a mail, and in which order they stand in an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digests.rendering import composing
from digests.rendering.blocks import OPENING
from digests.rendering.composing import ALERTS, TOP, Group

# Blocks around those of the sections.
FRAME = ("contents", "others", "listed", "body", "links", "closing", "foot")
WHOLE = ("picture", "shut")  # blocks of an article behind its lead
TOP_STORY = ("top", "story", "closed")  # blocks of the top story
ALERTED = ("alerted", "found", "said", "ended")  # blocks of an article with a phrase
OF_ARTICLES = frozenset({"article", "brief", *WHOLE, *ALERTED, *TOP_STORY})


def names(groups: Sequence[Group], new_topics: Sequence[int] = ()) -> Iterator[str]:
    """The names of the blocks of an edition, in their order; with those of `new_topics`."""
    yield OPENING
    for group in groups:
        if group.key == TOP:
            yield from _of_top(group)
    yield from _contents(groups)
    yield "body"
    for group in (one for one in groups if one.key != TOP):
        yield f"head {group.key}"
        for pk in group.shown:
            yield from _of_article(pk, group)
        if group.left:
            yield f"more {group.key}"
        yield from (f"stop {n}" for n in range(len(group.keywords)))
        if group.key != ALERTS:
            yield f"tail {group.key}"
    yield from (f"new {pk}" for pk in new_topics)
    yield "links"
    yield from (f"link {pk}" for group in groups for pk in group.shown)
    yield "closing"
    yield from (f"stop_below {n}" for group in groups for n in range(len(group.keywords)))
    yield "foot"


def _of_top(group: Group) -> Iterator[str]:
    for pk in group.shown:
        yield f"top {pk}"
        if pk in group.whole:
            yield f"story {pk}"
        yield f"closed {pk}"


def _contents(groups: Sequence[Group]) -> Iterator[str]:
    listed = composing.listed(groups)
    if not listed:
        return
    yield "contents"
    for group, shown in listed:
        yield f"listed {group.key}"
        yield from (f"line {pk}" for pk in shown)
    if sum(one.count for one in groups if one.key != TOP) > sum(len(pks) for _, pks in listed):
        yield "others"
    yield "listed"


def _of_article(pk: int, group: Group) -> Iterator[str]:
    """The names of the blocks of an article that is shown in a group."""
    whole = pk in group.whole
    if pk not in group.marked:
        yield f"article {pk}" if whole else f"brief {pk}"
        if whole and pk in group.pictured:
            yield f"picture {pk}"
        if whole:
            yield f"shut {pk}"
        return
    yield f"alerted {pk}"
    if whole:
        yield f"found {pk}" if pk in group.quoted else f"said {pk}"
    yield f"ended {pk}"
