"""The levels of styles: which head sections, which articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from pdf_reading.glyphs.normalisation import compact
from pdf_reading.lexicon import is_numbered, is_subtitle, numbering_depth
from pdf_reading.lexicon.facts import is_day
from pdf_reading.structure.contents import Entry
from pdf_reading.structure.followers import follower_of, is_followed, next_heads
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.looks import LARGER, are_names, heads_text
from pdf_reading.structure.many_looks import by_looks, is_regular
from pdf_reading.structure.styles import Style

MAX_DAYS = 0.3  # of the headings, those that are days
MIN_NAME = 3  # characters


class Level(IntEnum):
    """The level of a heading: what it heads; one `WITHIN` an article is a sub-heading."""

    SECTION = 1
    ARTICLE = 2
    WITHIN = 3


def levels_of(
    styles: Sequence[Style],
    headlines: Sequence[Headline],
    listed: dict[int, Entry],
    marked: dict[int, int],
) -> dict[int, Level]:
    """The level of each heading, by its id: that of its style, but for labels, and for headings
    that others follow at once where no style is that of sections."""
    titled = [
        style
        for style in styles
        if not all(is_subtitle(head.text) or head.quoted for head in style.members)
    ]
    sections, articles, regular = _styles_by_level(titled, headlines, listed, marked)
    levels = {id(head): Level.WITHIN for style in styles for head in style.members}
    levels |= {id(head): Level.SECTION for style in sections for head in style.members}
    levels |= {id(head): Level.ARTICLE for style in articles for head in style.members}
    bare = [] if sections else _bare_heads(styles, levels, headlines)
    if bare and (regular or are_names(bare)):
        levels |= {id(head): Level.SECTION for head in bare}
    none = _labels(headlines, listed) | _days(headlines, levels, listed)
    return levels | dict.fromkeys(none, Level.WITHIN)


def _styles_by_level(
    styles: Sequence[Style],
    headlines: Sequence[Headline],
    listed: dict[int, Entry],
    marked: dict[int, int],
) -> tuple[list[Style], list[Style], bool]:
    """The styles of sections, those of articles, and whether each has one look."""
    votes = {id(style): _vote(style, listed, marked) for style in styles}
    sections = [style for style in styles if votes[id(style)] == 0]
    articles = [style for style in styles if votes[id(style)] == 1]
    if sections and not articles:
        sections, articles = _flat(sections, styles, headlines)
    elif not sections and not articles:
        sections, articles = _by_type(styles, headlines)
        if not is_regular(sections, articles, styles, headlines):
            return *by_looks(styles, headlines, known=articles), False
    elif not sections and sum(len(style.members) for style in articles) == 1:
        articles = [*articles, *_swallowed(styles, votes, headlines)]
    if articles and sections and not listed and not _heads_others(sections, headlines):
        lone = sum(len(style.members) for style in sections) == 1
        sections, articles = [], [*sections, *articles] if lone else sections
    return sections, articles, True


def _swallowed(
    styles: Sequence[Style], votes: dict[int, int | None], headlines: Sequence[Headline]
) -> list[Style]:
    """The styles one level below a lone headline, which would else hold the whole issue."""
    below = [style for style in styles if votes[id(style)] == 2 and len(style.members) > 1]
    return [style for style in below if heads_text(style, headlines)]


def _bare_heads(
    styles: Sequence[Style], levels: dict[int, Level], headlines: Sequence[Headline]
) -> list[Headline]:
    """The headings that a headline follows at once, of styles that have two of them."""
    follower = {head.start: head for head in headlines}
    found: list[Headline] = []
    for style in styles:
        after = [follower.get(head.stop) for head in style.members]
        bare = [
            head
            for head, other in zip(style.members, after, strict=True)
            if other and levels[id(other)] is Level.ARTICLE and not is_subtitle(head.text)
        ]
        found += bare if len(bare) > 1 else []
    return found


def _labels(headlines: Sequence[Headline], listed: dict[int, Entry]) -> set[int]:
    """The headings that name no article: sentences of the text, who signs, and those with a colon
    whose words return or that are no larger than the text."""
    announcing = [head for head in headlines if head.text.endswith((":", "："))]
    times = Counter(head.text for head in announcing)
    found = [head for head in announcing if times[head.text] > 1 or head.scale < LARGER]
    found += [head for head in headlines if head.quoted]
    found += [head for last, head in pairwise(headlines) if _signs(head, last)]
    return {id(head) for head in found if id(head) not in listed}


def _days(
    headlines: Sequence[Headline], levels: dict[int, Level], listed: dict[int, Entry]
) -> set[int]:
    """The headings above others that say nothing but a day, as the deadline of the next issue does;
    none in a diary, where many are days."""
    above = [head for head in headlines if levels[id(head)] is not Level.WITHIN]
    days = [head for head in above if is_day(head.text) and not head.tag]
    few = len(days) <= MAX_DAYS * len(above)
    return {id(head) for head in days if id(head) not in listed} if few else set()


def _signs(head: Headline, last: Headline) -> bool:
    """Whether a heading without text repeats words of the one above it: the name of who wrote what
    stands between, as in "A letter from the warden"."""
    if head.tag or head.start == last.stop or head.page - last.page > 1 or head.below:
        return False
    name, title = compact(head.text), compact(last.text)
    return MIN_NAME <= len(name) < len(title) and title.endswith(name)


def _heads_others(sections: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Whether headings follow those of sections at once: where text does, they head articles."""
    following = [head for style in sections for head in next_heads(style, headlines)]
    return sum(head is not None for head in following) >= max(0.3 * len(following), 1)


def _vote(style: Style, listed: dict[int, Entry], marked: dict[int, int]) -> int | None:
    """The level that most members have in the contents, else in the outline, else by tags."""
    size = len(style.members)
    printed = Counter(listed[id(h)].level for h in style.members if id(h) in listed)
    if printed and printed.total() >= 0.4 * size:
        return printed.most_common(1)[0][0]
    if listed:
        return None
    outlined = Counter(min(marked[id(h)], 2) for h in style.members if id(h) in marked)
    if outlined and outlined.total() >= 0.4 * size:
        return outlined.most_common(1)[0][0]
    if marked:
        return None
    tags = Counter(h.tag for h in style.members if h.tag)
    return min(tags.most_common(1)[0][0] - 1, 2) if tags else None


def _flat(
    listed: Sequence[Style], styles: Sequence[Style], headlines: Sequence[Headline]
) -> tuple[list[Style], list[Style]]:
    """Contents of one level: an unlisted style heads sections if listed ones follow it at once; of
    several listed styles that which others follow at once, or which has the highest tags; a single
    style if one not listed follows it."""
    ranked = sorted(listed, key=_rank)
    for style in (one for one in styles if one not in ranked and _rank(one) < _rank(ranked[0])):
        if len(style.members) > 1 and follower_of(style, styles, headlines) in ranked:
            return [style], ranked
    for style in ranked if len(ranked) > 1 else ():
        if follower_of(style, styles, headlines) in ranked:
            return [style], [other for other in ranked if other is not style]
    tags = [style.members[0].tag for style in ranked]
    if min(tags) and len(set(tags)) > 1:
        top = [style for style in ranked if style.members[0].tag == min(tags)]
        return top, [style for style in ranked if style not in top]
    if len(ranked) > 1 and is_followed(ranked[0], headlines):
        return ranked[:1], ranked[1:]
    if (follower := follower_of(ranked[0], styles, headlines)) and follower not in ranked:
        return [ranked[0]], [follower, *ranked[1:]]
    return [], list(ranked)


def _by_type(
    styles: Sequence[Style], headlines: Sequence[Headline]
) -> tuple[list[Style], list[Style]]:
    """Type alone: the largest style heads sections if another heading follows it at once."""
    ranked = sorted(styles, key=_rank)
    if not ranked:
        return [], []
    top = ranked[0]
    named = _section_and_articles(ranked, styles, headlines)
    if named:
        return [named[0]], [named[1]]
    lead = len(top.members) == 1 and len(ranked) > 1
    if lead and (below := next((s for s in ranked if len(s.members) > 1), None)):
        return [], ranked[: ranked.index(below) + 1]
    return [], [style for style in ranked if style is top or _is_credited(style)]


def _section_and_articles(
    ranked: Sequence[Style], styles: Sequence[Style], headlines: Sequence[Headline]
) -> tuple[Style, Style] | None:
    """The style of sections and that of articles, which follows it at once: of one size and weight,
    the one that heads others stands above. A label of a section may be smaller than the headlines
    that follow it, which tells more than a single heading in large type does."""
    top = ranked[0]
    alone: tuple[Style, Style] | None = None
    for style in ranked:
        if (style.size, style.bold) != (top.size, top.bold):
            break
        if follower := follower_of(style, styles, headlines):
            if len(style.members) > 1:
                return style, follower
            alone = alone or (style, follower)
    for style in ranked:
        label = follower_of(style, styles, headlines) if len(style.members) > 1 else None
        if label and label.size > style.size:
            return style, label
    return alone


def _is_credited(style: Style) -> bool:
    """Bylines and sources stand with headlines of any size, not with sub-headings."""
    return sum(head.credited for head in style.members) > 0.5 * len(style.members)


def _rank(style: Style) -> tuple[float, bool, int]:
    first = style.members[0]
    depth = numbering_depth(first.text) if is_numbered(first.text) else 0
    return (-style.size, not style.bold, depth + (not first.centred))
