"""Levels where headlines have many looks: each item in another size, face or colour.

Where one look heads all articles, it is known by its size (`levels`). Here looks are judged one by
one, by what they do in the issue (`looks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pdf_reading.lexicon import is_numbered, is_subtitle
from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.looks import (
    LARGER,
    PROSE,
    REGULAR,
    SAME_SIZE,
    are_names,
    are_titles,
    crowds,
    fills_irregular,
    heads_text,
    hosts_of,
    is_deck,
    is_nested_in,
    items_at_text_size,
    reach_of,
    scale_of,
)
from pdf_reading.structure.styles import Style

BARE = 0.6  # of a tier, where headings follow at once


def is_regular(
    sections: Sequence[Style],
    articles: Sequence[Style],
    styles: Sequence[Style],
    headlines: Sequence[Headline],
) -> bool:
    """Return whether the looks of `articles` head text, and no look beside them heads articles
    too."""
    taken = [*sections, *articles]
    heads = _by_face(articles)
    others = _by_face([style for style in styles if style not in taken])
    return (
        bool(articles)
        and not any(_is_bare(style, headlines) or _heads_names_only(style) for style in articles)
        and not any(_is_rival(style, heads, headlines) for style in others)
    )


def _is_bare(style: Style, headlines: Sequence[Headline]) -> bool:
    """Whether nothing at all stands below most of several headings."""
    bare = [not (head.above_figures or reach_of(head, headlines)) for head in style.members]
    return len(bare) > 1 and sum(bare) > 0.5 * len(bare)


def _heads_names_only(style: Style) -> bool:
    """Whether no text stands right below any of several short headings."""
    heads = [head for head in style.members if not head.above_figures]
    return len(heads) > 1 and all(head.below == 0 for head in heads) and are_names(heads)


def _is_rival(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Whether a look that was left over heads articles as those that were found do."""
    if not (are_titles(style) and heads_text(style, headlines)):
        return False
    if crowds(style, articles, headlines):
        return True
    if scale_of(style) < LARGER:
        return False
    hosts = hosts_of(style, articles, headlines)
    if hosts[-1] > 0.5 * len(style.members):
        return True
    if style.size > min(other.size for other in articles) - 0.5:
        return not is_deck(style, articles)
    regular = max(len(other.members) for other in articles) >= REGULAR
    # Sub-headings come in twos at least: what never does, and stands in several articles, is none.
    alone = max(hosts.values()) < 2 and (not regular or len(style.members) > 1)
    return alone or fills_irregular(style, articles, headlines)


def by_looks(
    styles: Sequence[Style], headlines: Sequence[Headline], *, known: Sequence[Style]
) -> tuple[list[Style], list[Style]]:
    """The looks that head sections, and those that head articles; `known` are those that type
    alone would tell. Faces count, not the places in which their headings stand."""
    faces = [part for style in _by_face(styles) for part in _by_size(style)]
    sections, articles = _levelled(faces, headlines, known=known)
    return sections, articles or [style for style in known if style not in sections]


def _by_face(styles: Sequence[Style]) -> list[Style]:
    """Styles that differ in the place of their headings only, as one."""
    groups: list[list[Style]] = []
    for style in styles:
        first = style.members[0]
        home = next((group for group in groups if _is_one_face(group[0].members[0], first)), None)
        if home is not None:
            home.append(style)
        else:
            groups.append([style])
    return [_with(g[0], (head for style in g for head in style.members)) for g in groups]


def _by_size(style: Style) -> list[Style]:
    """A style in its sizes, half a point apart, where each is that of several headings."""
    sizes = Counter(head.face.size for head in style.members)
    if min(sizes.values()) < REGULAR:
        return [style]
    return [_with(style, (h for h in style.members if h.face.size == size)) for size in sizes]


def _is_one_face(one: Headline, other: Headline) -> bool:
    numbered = is_numbered(one.text), is_numbered(other.text)
    return like(one.face, other.face) and numbered[0] == numbered[1]


def _with(style: Style, heads: Iterable[Headline]) -> Style:
    return replace(style, members=tuple(sorted(heads, key=lambda head: head.start)))


def _levelled(
    styles: Sequence[Style], headlines: Sequence[Headline], *, known: Sequence[Style]
) -> tuple[list[Style], list[Style]]:
    sections = _section_looks(styles, headlines)
    candidates = [
        style
        for style in styles
        if style not in sections and are_titles(style) and heads_text(style, headlines)
    ]
    articles = [style for style in candidates if scale_of(style) >= LARGER]
    articles = [
        style
        for style in articles
        if not (is_nested_in(style, articles, headlines) or is_deck(style, articles))
    ]
    held = articles or sections or known
    for style in (one for one in styles if one not in [*sections, *articles] and are_titles(one)):
        # At the size of the text, what heads none is no headline.
        if style in candidates and crowds(style, held, headlines):
            articles.append(_with(style, (h for h in style.members if h.below >= PROSE)))
        elif items := items_at_text_size(style, held, headlines):
            articles.append(_with(style, items))
    return sections, articles


def _section_looks(styles: Sequence[Style], headlines: Sequence[Headline]) -> list[Style]:
    """The looks of the largest size at which short names stand that headings follow at once, of
    smaller type and with text below them."""
    starts = {head.start: head for head in headlines}
    for size in sorted({style.size for style in styles}, reverse=True):
        tier = [style for style in styles if size / SAME_SIZE < style.size <= size]
        members = [head for style in tier for head in style.members]
        following = [starts.get(head.stop) for head in members if not head.above_figures]
        following = [None if one and is_subtitle(one.text) else one for one in following]
        bare = [one for one in following if one and one.face.size < size / SAME_SIZE]
        above_text = sum(reach_of(one, headlines) >= PROSE for one in bare)
        if (
            above_text > 1
            and above_text >= 0.5 * len(bare)
            and len(bare) >= BARE * len(following)
            and are_names(members)
        ):
            return tier
    return []
