"""Which headings are sections, which are articles, which stand inside an article.

Each style of heading is judged as a whole by what its members bring: places in the printed
contents, in the outline, tags; then by size, and by what follows it. So a headline that the
outline forgot is still one, and a sub-heading that an outline lists by mistake is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum

from digests.parsing.contents import Contents, Entry
from digests.parsing.headings import Headline, like
from digests.parsing.letters import compact
from digests.parsing.outline import Outline
from digests.parsing.wording import is_numbered, label, numbering_depth


class Level(IntEnum):
    """What a heading heads. `BODY` is no heading at all."""

    SECTION = 1
    ARTICLE = 2
    WITHIN = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A heading with its level, how sure that is (0 to 1), and why."""

    headline: Headline
    level: Level
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """Headings of one look."""

    size: float
    bold: bool
    family: str
    members: tuple[Headline, ...]


def judged(headlines: Sequence[Headline], *, contents: Contents, outline: Outline) -> list[Judged]:
    """Every heading with its level."""
    listed = {id(head): entry for head, entry in _matches(headlines, contents.entries)}
    marked = {
        id(head): level
        for head in headlines
        if (level := outline.level(head.text, page=head.page)) is not None
    }
    styles = _styles(headlines)
    levels = _levels(styles, headlines, listed, marked)
    found = [
        _judge(
            head,
            level=levels[id(style)],
            entry=listed.get(id(head)),
            marked=marked,
            has_contents=bool(contents.entries),
            has_outline=len(outline) > 0,
        )
        for style in styles
        for head in style.members
    ]
    return sorted(found, key=lambda one: one.headline.start)


def _judge(
    head: Headline,
    *,
    level: Level,
    entry: Entry | None,
    marked: dict[int, int],
    has_contents: bool,
    has_outline: bool,
) -> Judged:
    reasons = [f"set in {head.face.size:g} pt" + (" bold" if head.face.bold else "")]
    score = 0.6
    if entry:
        reasons.append("listed in the contents")
        score += 0.25
        if level is Level.WITHIN:
            level = Level.ARTICLE
    elif has_contents and level is not Level.WITHIN:
        reasons.append("not in the contents")
        score -= 0.1
    if id(head) in marked:
        reasons.append("in the outline")
        score += 0.1
    elif has_outline and level is not Level.WITHIN:
        reasons.append("not in the outline")
        score -= 0.05
    if head.tag:
        reasons.append(f"tagged H{head.tag}")
        score += 0.1
    return Judged(head, level, round(min(max(score, 0.1), 1.0), 2), tuple(reasons))


def _matches(
    headlines: Sequence[Headline], entries: Sequence[Entry]
) -> list[tuple[Headline, Entry]]:
    """Each heading with the entry of the contents that names it, if one does."""
    by_words: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_words[plain(entry.title)].append(entry)
    found = []
    for head in headlines:
        words = plain(head.text)
        near = by_words.get(words) or [
            e for w, es in by_words.items() if alike(words, w) for e in es
        ]
        close = [entry for entry in near if not entry.page or abs(entry.page - head.page) <= 1]
        if close or (near and words in by_words):
            found.append((head, (close or near)[0]))
    return found


def plain(title: str) -> str:
    """A title for comparing: no label, no punctuation, no white space."""
    title = title[len(label(title)) :] if label(title) else title
    return "".join(c for c in compact(title) if c.isalnum())


def alike(one: str, other: str) -> bool:
    """Whether two plain titles are one but for an ellipsis or a slip."""
    if min(len(one), len(other)) < 6:
        return one == other
    if abs(len(one) - len(other)) > 0.3 * max(len(one), len(other)):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.88


def _styles(headlines: Sequence[Headline]) -> list[Style]:
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
        for g in groups
    ]


def _placed_alike(group: Sequence[Headline], head: Headline) -> bool:
    """Numbering and centring part headings of one face, as in official documents."""
    first = group[0]
    return bool(first.tag == head.tag) and _depth(first) == _depth(head)


def _depth(head: Headline) -> str:
    if label(head.text):
        return f"label {label(head.text).count('.')}"
    if not is_numbered(head.text):
        return "centred" if head.centred else ""
    return f"numbered {numbering_depth(head.text)}"


def _levels(
    styles: Sequence[Style],
    headlines: Sequence[Headline],
    listed: dict[int, Entry],
    marked: dict[int, int],
) -> dict[int, Level]:
    votes = {id(style): _vote(style, listed, marked) for style in styles}
    sections = [style for style in styles if votes[id(style)] == 0]
    articles = [style for style in styles if votes[id(style)] == 1]
    if sections and not articles:
        sections, articles = _flat(sections, styles, headlines)
    elif not sections and not articles:
        sections, articles = _by_type(styles, headlines)
    levels = {}
    for style in styles:
        level = Level.WITHIN
        if style in sections:
            level = Level.SECTION
        elif style in articles:
            level = Level.ARTICLE
        levels[id(style)] = level
    return levels


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
    """Contents of one level: the larger of two listed styles heads sections; a single style
    heads sections if another heading nearly always follows it at once."""
    ranked = sorted(listed, key=_rank)
    if len(ranked) > 1 and _is_followed(ranked[0], headlines):
        return ranked[:1], ranked[1:]
    if (follower := _follower(ranked[0], styles, headlines)) and follower not in ranked:
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
    for style in ranked:  # of one size and weight, the one that heads others stands above
        if (style.size, style.bold) != (top.size, top.bold):
            break
        if follower := _follower(style, styles, headlines):
            return [style], [follower]
    if len(top.members) == 1 and len(ranked) > 1 and len(ranked[1].members) > 1:
        return [], ranked[:2]
    return [], [top]


def _rank(style: Style) -> tuple[float, bool, int]:
    first = style.members[0]
    depth = numbering_depth(first.text) if is_numbered(first.text) else 0
    return (-style.size, not style.bold, depth + (not first.centred))


def _next_heads(style: Style, headlines: Sequence[Headline]) -> list[Headline | None]:
    """For each member the heading that follows with nothing between, if there is one."""
    starts = {head.start: head for head in headlines}
    return [starts.get(head.stop) for head in style.members]


def _is_followed(style: Style, headlines: Sequence[Headline]) -> bool:
    following = _next_heads(style, headlines)
    return sum(head is not None for head in following) >= 0.6 * len(following)


def _follower(style: Style, styles: Sequence[Style], headlines: Sequence[Headline]) -> Style | None:
    following = _next_heads(style, headlines)
    ids = {id(h): s for s in styles for h in s.members}
    after = Counter(id(ids[id(head)]) for head in following if head and id(head) in ids)
    if not after or after.most_common(1)[0][1] < 0.6 * len(following):
        return None
    found = next(s for s in styles if id(s) == after.most_common(1)[0][0])
    return found if found is not style and len(found.members) >= len(style.members) else None
