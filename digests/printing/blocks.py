"""Blocks: the pieces that a printed digest is cut into, and what is stored of them.

A template says where to cut and which words differ per reader by marks that carry a word
drawn at random for this printing, so that nothing an article says can be taken for a mark.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.html import format_html
from django.utils.safestring import SafeString

from bulletin_site.mail import encoding

Stored = list[object]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a mail. `topic` is the bit of the topic whose readers get it, None for all.

    `parts` are texts and, between each two of them, the name of a merge field: a block of one
    part is the same for everybody.
    """

    topic: int | None
    parts: tuple[str, ...]

    def filled(self, fields: Mapping[str, str]) -> str:
        """The text for the reader with these merge fields."""
        return "".join(fields[part] if n % 2 else part for n, part in enumerate(self.parts))

    def stored(self) -> Stored:
        """As JSON: shared text encoded for the wire, other text as it is."""
        if len(self.parts) > 1:
            return [self.topic, *self.parts]
        return [self.topic, encoding.block(self.parts[0]).decode("ascii")]


@dataclass(frozen=True, slots=True)
class Wire:
    """A block that was stored, ready to be joined: `shared` bytes, or one to be filled in."""

    topic: int | None
    shared: bytes
    personal: Block | None

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """What `Block.stored` gave."""
        topic, *parts = stored
        bit = topic if isinstance(topic, int) else None
        if len(parts) > 1:
            return cls(bit, b"", Block(bit, tuple(map(str, parts))))
        return cls(bit, str(parts[0]).encode("ascii"), None)

    def bytes_for(self, fields: Mapping[str, str]) -> bytes:
        """The encoded block for the reader with these merge fields."""
        return encoding.block(self.personal.filled(fields)) if self.personal else self.shared


class Marks:
    """The marks of one printing."""

    def __init__(self) -> None:
        self._word = secrets.token_hex(8)

    def cut(self, topic: int | None = None) -> SafeString:
        """Here begins a block for the readers of a topic (its bit), or for all."""
        return format_html("<!--{}:{}-->", self._word, "" if topic is None else topic)

    def fields(self, names: tuple[str, ...]) -> dict[str, str]:
        """Marks for merge fields, by their names."""
        return {name: f"{self._word}.{name}." for name in names}

    def blocks(self, printed: str) -> Iterator[Block]:
        """What was printed, cut at the marks. A line that is a cut and nothing else vanishes."""
        cuts = re.split(rf"<!--{self._word}:(\d*)-->(?:\r\n)?", printed)
        for topic, text in zip(["", *cuts[1::2]], cuts[::2], strict=True):
            if text:
                parts = tuple(re.split(rf"{self._word}\.(\w+)\.", text))
                yield Block(int(topic) if topic else None, parts)


Cut = Callable[[int | None], str]
