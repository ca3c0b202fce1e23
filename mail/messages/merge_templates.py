"""Merge templates: what many mails share, with placeholders for the words of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class MergeTemplate:
    """Texts, and between each two of them the name of a placeholder.

    So there is one text more than there are names; a text may be empty.
    """

    texts: tuple[bytes, ...]
    names: tuple[str, ...] = ()

    @classmethod
    def placeholder(cls, name: str, *, before: bytes = b"") -> Self:
        """Return one placeholder, with a text `before` it."""
        return cls((before, b""), (name,))

    @classmethod
    def joined(
        cls, templates: Iterable[MergeTemplate], known: Mapping[str, MergeTemplate] | None = None
    ) -> Self:
        """Return the `templates` one after another; a placeholder whose value is `known` is
        replaced by it."""
        known = known or {}
        last: list[bytes] = []
        texts, names = [last], []
        for template in templates:
            last.append(template.texts[0])
            # Spelled out, because an edition has hundreds of placeholders: most are known and have
            # none within, the others stay.
            for name, text in zip(template.names, template.texts[1:], strict=True):
                value = known.get(name)
                if value is None:
                    names.append(name)
                    last = [text]
                    texts.append(last)
                elif value.names:
                    last.append(value.texts[0])
                    for inner, following in zip(value.names, value.texts[1:], strict=True):
                        names.append(inner)
                        last = [following]
                        texts.append(last)
                    last.append(text)
                else:
                    last += (value.texts[0], text)
        return cls(tuple(map(b"".join, texts)), tuple(names))

    def merge(self, values: Mapping[str, bytes]) -> list[bytes]:
        """Return the pieces, with these `values` in the placeholders, in order. Copies no text."""
        pieces = [b""] * (len(self.texts) + len(self.names))
        pieces[::2] = self.texts
        pieces[1::2] = map(values.__getitem__, self.names)
        return pieces
