"""Blocks: the pieces that a rendered digest is cut into, and what is stored of them.

A template says where to cut and which words differ per reader by marks that carry a word
drawn at random for this rendering, so that nothing an article says can be taken for a mark.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.html import format_html
from django.utils.safestring import SafeString

from digests.rendering.merge_fields import LINKS
from mail.messages import encoding
from mail.messages.merge_templates import MergeTemplate

Cut = Callable[[str], str]

OPENING = "opening"  # the block before the first cut
_A_FIELD = 200  # bytes that a merge field weighs at most: an address of this site


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a mail. Its name says whose it is, such as "head 12" or "article 7".

    `parts` are texts and, between each two of them, the name of a merge field.
    """

    name: str
    parts: tuple[str, ...]

    def merge(self, fields: Mapping[str, str]) -> str:
        """The text with these merge fields."""
        return "".join(fields[part] if n % 2 else part for n, part in enumerate(self.parts))

    def stored(self) -> list[str]:
        """Return what JSON takes: texts encoded for the wire, names of merge fields as they are."""
        return [
            part if n % 2 else encoding.block(part).decode("ascii")
            for n, part in enumerate(self.parts)
        ]


@dataclass(frozen=True, slots=True)
class EncodedBlock:
    """A block that was stored: encoded texts, and merge fields between them. `weight` is how
    many bytes of text it has at most."""

    template: MergeTemplate
    weight: int

    @classmethod
    def of(cls, stored: Iterable[str]) -> Self:
        """Return what `Block.stored` gave."""
        parts = list(stored)
        template = MergeTemplate(
            tuple(part.encode("ascii") for part in parts[::2]), tuple(parts[1::2])
        )
        weight = sum(map(encoding.decoded_size, template.texts)) + _A_FIELD * len(template.names)
        return cls(template, weight)


class Marks:
    """The marks of one rendering."""

    def __init__(self) -> None:
        self._word = secrets.token_hex(8)

    def cut(self, name: str) -> SafeString:
        """Mark where the block of that name begins."""
        return format_html("<!--{}:{}-->", self._word, name)

    def fields(self, names: Iterable[str]) -> dict[str, str]:
        """Marks for merge fields, by their names."""
        return {name: f"{self._word}.{name}." for name in names}

    def template(self, text: str) -> MergeTemplate:
        """A text that is not encoded, with its fields as placeholders."""
        parts = re.split(rf"{self._word}\.(\w+)\.", text)
        return MergeTemplate(tuple(part.encode() for part in parts[::2]), tuple(parts[1::2]))

    def blocks(self, rendered: str, *, finish: Callable[[str], str] = str) -> Iterator[Block]:
        """Cut what was rendered at the marks, each piece as `finish` leaves it. An address that
        is a merge field takes what is before it along, the beginning of its attribute or the
        line break, so that it can be filled up with spaces where nobody sees them."""
        address = rf"{self._word}\.(?:{'|'.join(link.name for link in LINKS)})\."
        field = rf'(?:href="|\r\n(?={address}))?{self._word}\.(\w+)\.'
        cuts = re.split(rf"<!--{self._word}:([\w ]+)-->", rendered)
        for name, text in zip([OPENING, *cuts[1::2]], cuts[::2], strict=True):
            yield Block(name, tuple(re.split(field, finish(text))))
