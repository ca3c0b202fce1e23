"""Values that the templates of a digest show: articles, sections, links to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pdf_reading.linking import Run


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as a mail shows it, `width` and `height` in pixels. `words` stand for it, `caption`
    below it."""

    url: str
    words: str
    caption: Sequence[Run]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a mail shows it; a brief one is its headline alone. The `title` of one without
    a headline, which is not `headed`, are its first words. `alert` is there for one that stands in
    front because of a phrase. The top story has the `heading` of its section, a `rule` below its
    title, and `cuts`."""

    pk: int
    cut: str
    brief: bool
    title: str
    headed: bool
    url: str
    link: str
    number: str
    read_on: str
    source: str = ""
    minutes: int = 0
    lead: Sequence[Run] = ()
    picture: Picture | None = None
    heading: str = ""
    rule: str = ""
    cuts: Mapping[str, str] = field(default_factory=dict)
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A keyword alert as an article shows it: the phrases and the section as `eyebrow`, and
    the sentence `found`, or the lead if that is `said`. `cuts` part these."""

    eyebrow: str
    found_html: str
    found_text: str
    said: bool
    cuts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """The link that stops a phrase: its `words`, and the `query` that is its end."""

    cut: str
    foot: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """A headline in the contents."""

    cut: str
    pk: int
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """A group as a mail shows it. `topic` is the id of the topic that can be stopped there, and
    `more` says how many articles are left out, "" for none. `rule` underlines the title."""

    key: str
    title: str
    rule: str
    language: str
    topic: int | None
    count: str
    more: str
    entries: list[Entry]
    cuts: Mapping[str, str]
    stops: Sequence[Stop] = ()
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic that readers are told of who do not follow it, with its description, "" for none."""

    cut: str
    pk: int
    name: str
    line: str


class Head(NamedTuple):
    """The words in the head of a mail beside the bulletin's name."""

    number: str
