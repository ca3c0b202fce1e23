"""Blocks: the pieces that a printed digest is cut into, and what is stored of them.

A template says where to cut and which words differ per reader by marks that carry a word
drawn at random for this printing, so that nothing an article says can be taken for a mark.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.html import format_html
from django.utils.safestring import SafeString

from bulletin_site.mail import encoding

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

    def filled(self, fields: Mapping[str, str]) -> str:
        """The text with these merge fields."""
        return "".join(fields[part] if n % 2 else part for n, part in enumerate(self.parts))

    def stored(self) -> list[str]:
        """As JSON: texts encoded for the wire, names of merge fields as they are."""
        return [
            part if n % 2 else encoding.block(part).decode("ascii")
            for n, part in enumerate(self.parts)
        ]


@dataclass(frozen=True, slots=True)
class Wire:
    """A block that was stored: encoded texts, and the merge fields between them. `weight` is
    how many bytes of text it has at most."""

    texts: tuple[bytes, ...]
    fields: tuple[str, ...]
    weight: int

    @classmethod
    def of(cls, stored: Iterable[str]) -> Self:
        """What `Block.stored` gave."""
        parts = list(stored)
        texts, fields = [part.encode("ascii") for part in parts[::2]], parts[1::2]
        weight = sum(map(encoding.weight, texts)) + _A_FIELD * len(fields)
        return cls(tuple(texts), tuple(fields), weight)


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks joined for one edition: what is left to be filled in stands at the odd places of
    `pieces`, which `fields` names."""

    pieces: tuple[bytes, ...]
    fields: tuple[str, ...]

    @classmethod
    def of(
        cls, wires: Iterable[Wire], known: Mapping[str, str], *, encode: Callable[[str], bytes]
    ) -> Self:
        """The `wires` one after another, with the merge fields that are `known` by now."""
        texts: list[list[bytes]] = [[]]
        fields = []
        for wire in wires:
            texts[-1].append(wire.texts[0])
            for name, text in zip(wire.fields, wire.texts[1:], strict=True):
                if name in known:
                    texts[-1] += (encode(known[name]), text)
                else:
                    fields.append(name)
                    texts.append([text])
        return cls(tuple(_alternating([b"".join(text) for text in texts])), tuple(fields))

    def filled(self, fields: Mapping[str, bytes]) -> list[bytes]:
        """The pieces for the reader with these encoded merge fields. Copies no text."""
        pieces = list(self.pieces)
        pieces[1::2] = [fields[name] for name in self.fields]
        return pieces


def _alternating(texts: Iterable[bytes]) -> Iterator[bytes]:
    for n, text in enumerate(texts):
        if n:
            yield b""
        yield text


class Marks:
    """The marks of one printing."""

    def __init__(self) -> None:
        self._word = secrets.token_hex(8)

    def cut(self, name: str) -> SafeString:
        """Here begins the block of that name."""
        return format_html("<!--{}:{}-->", self._word, name)

    def fields(self, names: Iterable[str]) -> dict[str, str]:
        """Marks for merge fields, by their names."""
        return {name: f"{self._word}.{name}." for name in names}

    def blocks(self, printed: str, *, finish: Callable[[str], str] = str) -> Iterator[Block]:
        """What was printed, cut at the marks, each piece as `finish` leaves it. An address that
        is a merge field takes the beginning of its attribute with it, so that it can be filled
        up with spaces."""
        cuts = re.split(rf"<!--{self._word}:([\w ]+)-->", printed)
        for name, text in zip([OPENING, *cuts[1::2]], cuts[::2], strict=True):
            parts = re.split(rf'(?:href=")?{self._word}\.(\w+)\.', finish(text))
            yield Block(name, tuple(parts))
