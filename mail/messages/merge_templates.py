"""Forms: what many mails share, with holes for the words of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class MergeTemplate:
    """Texts, and between each two of them the name of what is to be filled in there.

    So there is one text more than there are names; a text may be empty.
    """

    texts: tuple[bytes, ...]
    names: tuple[str, ...] = ()

    @classmethod
    def placeholder(cls, name: str, *, before: bytes = b"") -> Self:
        """What is to be filled in, and a text `before` it."""
        return cls((before, b""), (name,))

    @classmethod
    def joined(
        cls, forms: Iterable[MergeTemplate], known: Mapping[str, MergeTemplate] | None = None
    ) -> Self:
        """The `forms` one after another; where one has a hole whose filling is `known`, with that
        in its place."""
        known = known or {}
        last: list[bytes] = []
        texts, names = [last], []
        for form in forms:
            last.append(form.texts[0])
            for name, text in zip(form.names, form.texts[1:], strict=True):
                filling = known.get(name) or cls.placeholder(name)
                last.append(filling.texts[0])
                for inner, behind in zip(filling.names, filling.texts[1:], strict=True):
                    names.append(inner)
                    last = [behind]
                    texts.append(last)
                last.append(text)
        return cls(tuple(map(b"".join, texts)), tuple(names))

    def merge(self, values: Mapping[str, bytes]) -> list[bytes]:
        """The pieces with these words in the holes, in their order. Copies no text."""
        pieces = [b""] * (len(self.texts) + len(self.names))
        pieces[::2] = self.texts
        pieces[1::2] = map(values.__getitem__, self.names)
        return pieces
