"""The looks of headings, and what each does in an issue: how much larger it is than the text,
whether text stands below its headings, and whether they stand within articles again and again, as
sub-headings do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from statistics import mean, median

from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.lexicon.facts import beside_facts, is_imprint
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.styles import Style

PROSE = 80  # characters below a heading that make it one of text
LARGER = 1.08  # of the size of the text
MUCH_LARGER = 1.4
SAME_SIZE = 1.06  # of two sizes of one tier
MAX_SHARE = 1 / 3  # of the text, in one article
MANY = 6  # members of a look, in one article
LONG_ARTICLE = 5_000  # characters
REGULAR = 3  # members of a look that heads articles by rule
LONG = 300  # characters, which an item has and a few lines below a point have not
LONG_TITLE = 100  # characters, which no title has that ends with a stop
SHORT_NAME = 20  # characters of the name of a section; Chinese count double
BARE = 0.6  # of a tier, where headings follow at once
MAX_BESIDE = 20  # letters beside a date that names an issue, such as "Newsletter"
_ADDRESS = re.compile(r"\S@\S|www\.|https?:|(?:\d[\s\-()]*){9}")
_QUOTE = re.compile(r"[“\"「『‘„«].*")


def scale_of(style: Style) -> float:
    return median(head.scale for head in style.members)


def are_titles(style: Style) -> bool:
    """Return whether most members are worded as titles: they neither go on in the middle of a
    sentence, nor announce what follows, nor quote."""
    return sum(is_title(head.text) for head in style.members) > 0.5 * len(style.members)


def is_title(text: str) -> bool:
    """Return whether words are those of a title."""
    sentence = len(text) > LONG_TITLE and text.endswith((".", "。"))
    part = text[0].islower() or text[-1] in ":："
    fact = _ADDRESS.search(text) or (is_imprint(text) and len(beside_facts(text)) <= MAX_BESIDE)
    return not (sentence or part or fact or _QUOTE.match(text))


def heads_text(style: Style, headlines: Sequence[Headline]) -> bool:
    """Return whether text stands below most members, at once or under smaller headings, or a
    source."""
    heads = [
        head.credited or reach_of(head, headlines) >= PROSE
        for head in style.members
        if not head.above_figures
    ]
    return sum(heads) >= 0.5 * len(heads)


def reach_of(head: Headline, headlines: Sequence[Headline]) -> int:
    """The characters below a heading before the next one that is as large."""
    reach = head.below
    for index in range(_index(headlines, head) + 1, len(headlines)):
        other = headlines[index]
        if other.face.size > head.face.size / SAME_SIZE:
            break
        reach += other.below
    return reach


def _index(headlines: Sequence[Headline], head: Headline) -> int:
    return bisect_left(headlines, head.start, key=lambda one: one.start)


def is_deck(style: Style, articles: Sequence[Style]) -> bool:
    """Return whether most members stand right below a headline in larger type."""
    stops = {head.stop for other in articles if other.size > style.size for head in other.members}
    return sum(head.start in stops for head in style.members) > 0.5 * len(style.members)


def hosts_of(
    style: Style, articles: Sequence[Style], headlines: Sequence[Headline]
) -> Counter[int]:
    """Return how many members stand in each article, by the start of its headline; -1 for none."""
    inside = {id(head) for head in style.members}
    starts = {id(head) for other in articles for head in other.members}
    host, found = -1, Counter[int]()
    for head in headlines:
        if id(head) in starts:
            host = head.start
        elif id(head) in inside:
            found[host] += 1
    return found


def crowds(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Return whether one article would hold more than its share of the issue, and many of the
    style's members, each with the text of an item."""
    if len(style.members) < MANY or median(head.below for head in style.members) < LONG:
        return False
    if is_nested_in(style, articles, headlines):
        return False
    hosts = hosts_of(style, articles, headlines)
    whole = sum(head.below for head in headlines)
    return any(
        count >= MANY and _length(host, articles, headlines) > max(MAX_SHARE * whole, LONG_ARTICLE)
        for host, count in hosts.items()
    )


def fills_irregular(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Return whether several members stand in a long article whose own look is that of no more than
    two: a quarter of the issue, or more."""
    own = {head.start: len(other.members) for other in articles for head in other.members}
    whole = sum(head.below for head in headlines)
    return any(
        count > 1
        and own.get(host, REGULAR) < REGULAR
        and _length(host, articles, headlines) > max(whole / 4, LONG_ARTICLE)
        for host, count in hosts_of(style, articles, headlines).items()
    )


def items_at_text_size(
    style: Style, articles: Sequence[Style], headlines: Sequence[Headline]
) -> list[Headline]:
    """The members that head the text of an item each, in a long article of no regular look."""
    if not fills_irregular(style, articles, headlines):
        return []
    items = [head for head in style.members if head.below >= LONG]
    return items if len(items) >= REGULAR else []


def _length(host: int, articles: Sequence[Style], headlines: Sequence[Headline]) -> int:
    """The characters of the article whose headline begins at `host`."""
    starts = sorted(head.start for style in articles for head in style.members)
    end = next((start for start in starts if start > host), float("inf"))
    return sum(head.below for head in headlines if host <= head.start < end)


def is_nested_in(style: Style, articles: Sequence[Style], headlines: Sequence[Headline]) -> bool:
    """Return whether a look is that of sub-headings: little larger than the text, and several times
    in each of several articles of larger type."""
    larger = [other for other in articles if other.size > style.size * SAME_SIZE]
    if scale_of(style) >= MUCH_LARGER:
        return False
    regular = {h.start for other in larger if len(other.members) >= REGULAR for h in other.members}
    hosts = hosts_of(style, larger, headlines)
    several = [count for host, count in hosts.items() if host in regular and count > 1]
    return len(several) > 1 and sum(several) > 0.6 * len(style.members)


def are_names(heads: Sequence[Headline]) -> bool:
    """Return whether headings are as short as the names of sections."""
    return mean(map(_width, heads)) <= SHORT_NAME


def _width(head: Headline) -> int:
    return len(head.text) * (2 if has_ideographs(head.text) else 1)
