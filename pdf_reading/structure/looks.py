"""Levels where headlines have many looks: each item in another size, face or colour.

Where one look heads all articles, it is known by its size (`levels`). Here looks are judged one by
one by what they do in the issue: how much larger than the text they are, whether text stands below
them, and whether they stand within articles again and again, as sub-headings do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, median

from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.lexicon import is_numbered, is_subtitle
from pdf_reading.lexicon.facts import is_imprint
from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.styles import Style

PROSE = 80  # characters below a heading that make it one of text
LARGER = 1.12  # of the size of the text
MUCH_LARGER = 1.4
SAME_SIZE = 1.06  # of two sizes of one tier
MAX_SHARE = 1 / 3  # of the text, in one article
MANY = 6  # members of a look, in one article
LONG_ARTICLE = 5_000  # characters
REGULAR = 3  # members of a look that heads articles by rule
LONG = 300  # characters, which an item has and a few lines below a point have not
SHORT_NAME = 20  # characters of the name of a section; Chinese count double
BARE = 0.6  # of a tier, where headings follow at once
_QUOTE = re.compile(r"[“\"「『‘„«].*")


def is_regular(
    sections: Sequence[Style],
    articles: Sequence[Style],
    styles: Sequence[Style],
    headlines: Sequence[Headline],
) -> bool:
    """Whether the looks of `articles` head text, and no look beside them heads articles too."""
    taken = [*sections, *articles]
    return (
        bool(articles)
        and not any(_heads_names_only(style) for style in articles)
        and not any(_is_rival(style, articles, headlines) for style in styles if style not in taken)
    )


def _heads_names_only(style: Style) -> bool:
    """Whether no text stands right below any of several short headings."""
    bare = all(head.below == 0 and not head.above_figures for head in style.members)
    return bare and len(style.members) > 1 and are_names(style.members)


def by_looks(
    styles: Sequence[Style], headlines: Sequence[Headline], *, known: Sequence[Style]
) -> tuple[list[Style], list[Style]]:
    """The looks that head sections, and those that head articles; `known` are those that type
    alone would tell. Faces count, not the places in which their headings stand."""
    faces = _by_face(styles)
    merged = [_merged(group) for group in faces]
    sections, articles = _levelled(merged, headlines, known=known)
    chosen = [
        [
            style
            for group, whole in zip(faces, merged, strict=True)
            if whole in found
            for style in group
        ]
        for found in (sections, articles)
    ]
    return chosen[0], chosen[1] or [style for style in known if style not in chosen[0]]


def _by_face(styles: Sequence[Style]) -> list[list[Style]]:
    """Styles that differ in the place of their headings only, together."""
    groups: list[list[Style]] = []
    for style in styles:
        first = style.members[0]
        home = next((group for group in groups if _is_one_face(group[0].members[0], first)), None)
        if home is not None:
            home.append(style)
        else:
            groups.append([style])
    return groups


def _is_one_face(one: Headline, other: Headline) -> bool:
    numbered = is_numbered(one.text), is_numbered(other.text)
    return like(one.face, other.face) and numbered[0] == numbered[1]


def _merged(styles: Sequence[Style]) -> Style:
    members = sorted((head for style in styles for head in style.members), key=lambda h: h.start)
    return replace(styles[0], members=tuple(members))


def _levelled(
    styles: Sequence[Style], headlines: Sequence[Headline], *, known: Sequence[Style]
) -> tuple[list[Style], list[Style]]:
    sections = _section_looks(styles, headlines)
    candidates = [
        style
        for style in styles
        if style not in sections and _are_titles(style) and _heads_text(style, headlines)
    ]
    articles = [style for style in candidates if _scale(style) >= LARGER]
    articles = [
        style
        for style in articles
        if not (_is_nested_in(style, articles, headlines) or _is_deck(style, articles))
    ]
    held = articles or sections or known
    for style in candidates:
        if style not in articles and _crowds(style, held, headlines):
            articles.append(style)
    return sections, articles


def _scale(style: Style) -> float:
    return median(head.scale for head in style.members)


def _are_titles(style: Style) -> bool:
    """Whether most members are worded as titles: they neither go on in the middle of a sentence,
    nor announce what follows, nor quote."""
    return sum(_is_title(head.text) for head in style.members) > 0.5 * len(style.members)


def _is_title(text: str) -> bool:
    return not (text[0].islower() or text[-1] in ":：" or _QUOTE.match(text) or is_imprint(text))


def _heads_text(style: Style, headlines: Sequence[Headline]) -> bool:
    """Whether text stands below most members, at once or under smaller headings, or a source."""
    heads = [
        head.credited or _reach(head, headlines) >= PROSE
        for head in style.members
        if not head.above_figures
    ]
    return sum(heads) >= max(0.5 * len(heads), 1)


def _reach(head: Headline, headlines: Sequence[Headline]) -> int:
    """The characters below a heading before the next one that is as large."""
    reach = head.below
    for other in headlines[_index(headlines, head) + 1 :]:
        if other.face.size > head.face.size / SAME_SIZE:
            break
        reach += other.below
    return reach


def _index(headlines: Sequence[Headline], head: Headline) -> int:
    return bisect_left(headlines, head.start, key=lambda one: one.start)


def _is_deck(style: Style, articles: Sequence[Style]) -> bool:
    """Whether most members stand right below a headline in larger type."""
    stops = {head.stop for other in articles if other.size > style.size for head in other.members}
    return sum(head.start in stops for head in style.members) > 0.5 * len(style.members)


def _hosts(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> Counter[int]:
    """How many members stand in each article, by the start of its headline; -1 for none."""
    inside = {id(head) for head in style.members}
    starts = {id(head) for other in articles for head in other.members}
    host, found = -1, Counter[int]()
    for head in headlines:
        if id(head) in starts:
            host = head.start
        elif id(head) in inside:
            found[host] += 1
    return found


def _is_rival(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Whether a look that was left over heads articles as those that were found do."""
    if not (_are_titles(style) and _heads_text(style, headlines)):
        return False
    if _crowds(style, articles, headlines):
        return True
    if _scale(style) < LARGER:
        return False
    hosts = _hosts(style, articles, headlines)
    if hosts[-1] > 0.5 * len(style.members):
        return True
    if style.size > min(other.size for other in articles) - 0.5:
        return not _is_deck(style, articles)
    regular = max(len(other.members) for other in articles) >= REGULAR
    return not regular and max(hosts.values()) < 2


def _crowds(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Whether one article would hold more than its share of the issue, and many of the style's
    members, each with the text of an item."""
    if len(style.members) < MANY or median(head.below for head in style.members) < LONG:
        return False
    hosts = _hosts(style, articles, headlines)
    whole = sum(head.below for head in headlines)
    return any(
        count >= MANY and _length(host, articles, headlines) > max(MAX_SHARE * whole, LONG_ARTICLE)
        for host, count in hosts.items()
    )


def _length(host: int, articles: Sequence[Style], headlines: Sequence[Headline]) -> int:
    """The characters of the article whose headline begins at `host`."""
    starts = sorted(head.start for style in articles for head in style.members)
    end = next((start for start in starts if start > host), float("inf"))
    return sum(head.below for head in headlines if host <= head.start < end)


def _is_nested_in(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Whether a look is that of sub-headings: little larger than the text, and several times in
    each of several articles of larger type."""
    larger = [other for other in articles if other.size > style.size * SAME_SIZE]
    regular = any(len(other.members) >= REGULAR for other in larger)
    if not regular or _scale(style) >= MUCH_LARGER:
        return False
    hosts = _hosts(style, larger, headlines)
    several = [count for host, count in hosts.items() if host >= 0 and count > 1]
    return len(several) > 1 and sum(several) > 0.6 * len(style.members)


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
        above_text = sum(_reach(one, headlines) >= PROSE for one in bare)
        if (
            above_text > 1
            and above_text >= 0.5 * len(bare)
            and len(bare) >= BARE * len(following)
            and are_names(members)
        ):
            return tier
    return []


def are_names(heads: Sequence[Headline]) -> bool:
    """Whether headings are as short as the names of sections."""
    return mean(map(_width, heads)) <= SHORT_NAME


def _width(head: Headline) -> int:
    return len(head.text) * (2 if has_ideographs(head.text) else 1)
