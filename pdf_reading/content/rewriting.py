"""Every text of an issue changed in one way, with its links and marks where their words
stand afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pdf_reading.issue_text import IssueText, Link, Mark, Passage
from pdf_reading.linking import placed, rich_texts

_NO_TEXTS = frozenset(("url", "code", "marks"))  # fields with the words of other programs


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in a frozen value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_of(part)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from texts_of(getattr(value, name))


def rewritten(issue: IssueText, change: Callable[[str], str]) -> IssueText:
    """Return the issue with every text in it changed, in nothing but white space and hyphens."""
    whole: IssueText = _with(issue, change)
    return whole


def _with(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_with(part, change) for part in value)
    if isinstance(value, Struct):
        fields = (name for name in value.__struct_fields__ if name not in _NO_TEXTS)
        parts = {name: _with(getattr(value, name), change) for name in fields}
        whole: Any = replace(value, **parts)
        return _linked_as(value, whole) if isinstance(value, Passage) else whole
    return value


def _linked_as(passage: Passage, changed: Passage) -> Passage:
    """The changed passage with its links and marks where their words stand now."""
    links: list[Link] = []
    marks: list[Mark] = []
    for part, (before, text) in enumerate(zip(rich_texts(passage), changed.texts, strict=True)):
        links += (replace(one, part=part) for one in placed(text, [(before.text, before.links)]))
        marks += (replace(one, part=part) for one in placed(text, [(before.text, before.marks)]))
    return replace(changed, links=tuple(links), marks=tuple(marks))
