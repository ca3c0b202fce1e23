"""Two editors at the same words: what the second one's act would write over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from issues.editing import acts
from issues.editing.acts import Act
from issues.editing.document import (
    Draft,
    article_at,
    block_at,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
)


class Conflict(Exception):
    """Somebody else changed the same words since. `stored` is what they are now, `act` what was
    to be done."""

    def __init__(self, act: Act, stored: Any) -> None:
        super().__init__(type(act).__name__)
        self.act = act
        self.stored = stored


def check(act: Act, *, base: Draft, now: Draft) -> None:
    """Compare the words that an act changes in the state that it was made from and in the one
    that is stored. Raises Conflict, and Gone where they are not there any more."""
    was, stored = list(_words(act, base)), list(_words(act, now))
    wanted = list(_wanted(act))
    for old, new, own in zip(was, stored, wanted, strict=True):
        if old != new != own:
            raise Conflict(act, new)


def _words(act: Act, draft: Draft) -> Iterator[Any]:
    """Yield the words of a draft that an act writes over."""
    match act:
        case acts.Several(acts=several):
            for one in several:
                yield from _words(one, draft)
        case acts.EditBlock(block=handle):
            yield (block_at(draft, spot_of_block(draft, handle)).passage,)
        case acts.EditText(article=key):
            blocks = article_at(draft, spot_of_article(draft, key)).blocks
            yield tuple(block.passage for block in blocks)
        case acts.EditArticle(article=key):
            article = article_at(draft, spot_of_article(draft, key))
            yield from (getattr(article, name) for name in _fields(act))
        case acts.EditSection(section=key):
            yield section_at(draft, spot_of_section(draft, key)).title
        case acts.FileSection(section=key):
            section = section_at(draft, spot_of_section(draft, key))
            yield section.topic, section.not_for_mailing
        case acts.EditFacts():
            yield from (getattr(draft.facts, name) for name in _fields(act))


def _wanted(act: Act) -> Iterator[Any]:
    match act:
        case acts.Several(acts=several):
            for one in several:
                yield from _wanted(one)
        case acts.EditBlock(passages=passages) | acts.EditText(passages=passages):
            yield passages
        case acts.EditArticle() | acts.EditFacts():
            yield from (getattr(act, name) for name in _fields(act))
        case acts.EditSection(title=title):
            yield title
        case acts.FileSection(topic=topic, not_for_mailing=not_for_mailing):
            yield topic, not_for_mailing


def _fields(act: acts.EditArticle | acts.EditFacts) -> list[str]:
    return [
        name
        for name in act.__struct_fields__
        if name != "article" and getattr(act, name) is not None
    ]
