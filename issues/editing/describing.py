"""The things that an act was about, in the words of the draft, for the history to show in any
language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from issues import excerpts
from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Gone,
    Remnant,
    Thing,
    article_at,
    block_at,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
)

MAX_LENGTH = 80  # characters of a name


def words_of(act: Mapping[str, Any], *, before: Draft, after: Draft) -> dict[str, Any]:
    """Return the names of what the act is about, as they were before it, or else after: `block`,
    `article`, `section`, `remnant`, `binned`; of several acts how many there are: `count`."""
    names: dict[str, Any] = {
        name: found
        for name in ("block", "article", "section", "remnant", "binned")
        if name in act
        and (found := _named(name, act[name], before) or _named(name, act[name], after))
    }
    if "acts" in act:
        names["count"] = len(act["acts"])
        names["of"] = act["acts"][0]["act"] if len({one["act"] for one in act["acts"]}) == 1 else ""
    return names


def name_of(thing: Thing) -> str:
    """Return the title of a thing, or its first words."""
    match thing:
        case DraftSection(title=title):
            return title[:MAX_LENGTH]
        case DraftArticle(title=title, blocks=blocks):
            return _cut(title or excerpts.first_words([one.passage for one in blocks]))
        case Block(passage=passage):
            return _cut(excerpts.first_words([passage]) or " ".join(passage.texts))
        case Remnant(text=text):
            return _cut(text)


def _named(name: str, key: Any, draft: Draft) -> str:
    try:
        return name_of(_thing(name, key, draft))
    except Gone:
        return ""


def _thing(name: str, key: Any, draft: Draft) -> Thing:
    if name == "block":
        return block_at(draft, spot_of_block(draft, key))
    if name == "article":
        return article_at(draft, spot_of_article(draft, key))
    if name == "section":
        return section_at(draft, spot_of_section(draft, key))
    return _dropped_or_left(name, key, draft)


def _dropped_or_left(name: str, key: Any, draft: Draft) -> Thing:
    things: dict[Any, Thing] = (
        {one.key: one for one in draft.remnants}
        if name == "remnant"
        else {one.key: one.thing for one in draft.bin}
    )
    if key not in things:
        raise Gone
    return things[key]


def _cut(words: str) -> str:
    return words if len(words) <= MAX_LENGTH else words[: MAX_LENGTH - 1] + "…"
