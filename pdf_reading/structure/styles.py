"""Styles of headings: one face, one numbering, one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.lexicon import is_numbered, is_subtitle, label, numbering_depth
from pdf_reading.structure.headings import Headline, like


@dataclass(frozen=True, slots=True)
class Style:
    """The headings of one style, in reading order."""

    size: float
    bold: bool
    family: str
    members: tuple[Headline, ...]


def styles_of(headlines: Sequence[Headline]) -> list[Style]:
    """Group headings by style."""
    groups: list[list[Headline]] = []
    for head in sorted(headlines, key=lambda one: "latin:" in one.face.family):
        for group in groups:
            if like(group[0].face, head.face) and _placed_alike(group, head):
                group.append(head)
                break
        else:
            groups.append([head])
    return [
        Style(
            g[0].face.size,
            g[0].face.bold,
            g[0].face.family,
            tuple(sorted(g, key=lambda h: h.start)),
        )
        for g in _settled(groups)
    ]


def _placed_alike(group: Sequence[Headline], head: Headline) -> bool:
    """Numbering and centring part headings of one face, as in official documents."""
    first = group[0]
    return bool(first.tag == head.tag) and depth_of(first) == depth_of(head)


def depth_of(head: Headline) -> str:
    """Return what distinguishes headings of one face: their numbering, else their place."""
    if label(head.text):
        return f"label {label(head.text).count('.')}"
    if is_subtitle(head.text):
        return "subtitle"
    if not is_numbered(head.text):
        return "centred" if head.centred else "indented" if head.indented else ""
    return f"numbered {numbering_depth(head.text)}"


def _settled(groups: Sequence[list[Headline]]) -> list[list[Headline]]:
    """A lone heading that differs from others in its centring only is one of them, and so are
    headings that fill their columns: whether those are centred cannot be told."""
    settled: list[list[Headline]] = []
    for group in sorted(groups, key=len, reverse=True):
        homes = (g for g in settled if _differ_in_place_only(g[0], group[0]))
        home = next((g for g in homes if len(group) == 1 or _tells_nothing(g, group)), None)
        if home is not None:
            home.extend(group)
        else:
            settled.append(group)
    return settled


def _tells_nothing(*groups: Sequence[Headline]) -> bool:
    return any(all(head.full for head in group) for group in groups)


def _differ_in_place_only(one: Headline, other: Headline) -> bool:
    plain = not any(
        label(h.text) or is_numbered(h.text) or is_subtitle(h.text) for h in (one, other)
    )
    return plain and one.tag == other.tag and like(one.face, other.face)
