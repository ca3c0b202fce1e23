"""An issue read again: the new reading with what an editor did to the old one.

The parts of the new reading whose words are still there keep their keys and handles, so that the
acts of the history can be done again as they were. What is about words that are gone cannot, and
is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from issues.editing import acts
from issues.editing.acts import Act
from issues.editing.applying import applied
from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Gone,
    Remnant,
)
from issues.editing.refusals import ActRefused, Refusal
from issues.unmoved import unmoved


@dataclass(frozen=True, slots=True)
class Step:
    """An act of the history, and the states before and after it."""

    act: Act
    before: Draft
    after: Draft


class Replayed(Struct, frozen=True):
    """A new reading with the acts that could be done again, and those that could not."""

    draft: Draft
    lost: tuple[Act, ...] = ()


def replayed(steps: Sequence[Step], fresh: Draft) -> Replayed:
    """Return a new reading with the acts of a history; `fresh` was `aligned` with its first state.

    Costs a pass over the draft for each act.
    """
    draft, lost = fresh, []
    keys: dict[int, int] = {}
    for step in steps:
        act = _renamed(step.act, keys)
        base = replace(draft, version=step.before.version)
        try:
            done = applied(base, act)
        except ActRefused as refused:
            if refused.refusal is not Refusal.NOTHING_CHANGED:  # the new reading has it already
                lost.append(step.act)
            continue
        except Gone:
            lost.append(step.act)
            continue
        keys |= dict(zip(_new_keys(step.before, step.after), _new_keys(base, done), strict=False))
        draft = done
    return Replayed(draft, tuple(lost))


def aligned(fresh: Draft, base: Draft) -> Draft:
    """Return a new reading in which what is as in the first one has its keys and handles."""
    blocks = _aligned_blocks(fresh, base)
    sections = _pairs(
        [one.title for one in fresh.sections], [(one.title, one.key) for one in base.sections]
    )
    articles = _aligned_articles(blocks, base)
    remnants = _pairs(
        [one.text for one in fresh.remnants], [(one.text, one.key) for one in base.remnants]
    )
    n = iter(range(len(blocks)))
    return replace(
        fresh,
        sections=tuple(
            replace(
                section,
                key=sections.get(at, section.key),
                topic=_topic(base, sections.get(at), section),
                articles=tuple(
                    replace(blocks[m := next(n)], key=articles.get(m, article.key))
                    for article in section.articles
                ),
            )
            for at, section in enumerate(fresh.sections)
        ),
        remnants=tuple(
            Remnant(remnants.get(at, one.key), one.places, one.text)
            for at, one in enumerate(fresh.remnants)
        ),
    )


def _topic(base: Draft, key: int | None, section: DraftSection) -> int | None:
    if section.topic is not None or key is None:
        return section.topic
    return next(one.topic for one in base.sections if one.key == key)


def _aligned_blocks(fresh: Draft, base: Draft) -> list[DraftArticle]:
    """Return the articles of a new reading, their blocks with the handles of the first one."""
    was = [block for article in base.articles for block in article.blocks]
    now = [block for article in fresh.articles for block in article.blocks]
    same = unmoved([*map(_words, was)], [*map(_words, now)])
    numbers = iter(range(len(now)))
    return [
        replace(
            article,
            blocks=tuple(
                Block(was[same[n]].handle, block.passage) if n in same else block
                for block, n in zip(article.blocks, numbers, strict=False)
            ),
        )
        for article in fresh.articles
    ]


def _aligned_articles(fresh: Sequence[DraftArticle], base: Draft) -> dict[int, int]:
    """Return the keys of the first reading by the numbers of new articles: by the headline, or by
    the text that most of is in one."""
    owners = {block.handle: one.key for one in base.articles for block in one.blocks}
    found = _pairs(
        [one.title for one in fresh],
        [(one.title, one.key) for one in base.articles if one.title],
    )
    taken = set(found.values())
    for n, article in enumerate(fresh):
        if n in found:
            continue
        of = Counter(owners[one.handle] for one in article.blocks if one.handle in owners)
        key = next((key for key, _count in of.most_common() if key not in taken), None)
        if key is not None:
            found[n] = key
            taken.add(key)
    return found


def _pairs(now: Sequence[str], was: Sequence[tuple[str, int]]) -> dict[int, int]:
    """Return the keys of equal words, by the numbers of the new ones."""
    same = unmoved([words for words, _key in was], now)
    return {n: was[m][1] for n, m in same.items() if now[n]}


def _words(block: Block) -> str:
    return f"{type(block.passage).__name__}: {'¦'.join(block.passage.texts)}"


def _new_keys(before: Draft, after: Draft) -> Iterator[int]:
    """Yield the keys of the sections and articles that an act made."""
    sections = {one.key for one in before.sections}
    yield from (one.key for one in after.sections if one.key not in sections)
    articles = {one.key for one in before.articles}
    yield from (one.key for one in after.articles if one.key not in articles)


def _renamed(act: Act, keys: Mapping[int, int]) -> Act:
    """Return an act with the keys that the things it names have now."""
    if isinstance(act, acts.Several):
        return acts.Several(tuple(_renamed(one, keys) for one in act.acts))  # type: ignore[misc]
    changes = {
        name: keys[value]
        for name in ("article", "section", "before")
        if isinstance(value := getattr(act, name, None), int) and value in keys
    }
    return replace(act, **changes)
