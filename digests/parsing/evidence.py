"""Which headings are sections, which are articles, which stand inside an article.

Each style of heading is judged as a whole by what its members bring: places in the printed
contents, in the outline, tags; then by size, and by what follows it. So a headline that the
outline forgot is still one, and a sub-heading that an outline lists by mistake is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.parsing.contents import Contents, Entry
from digests.parsing.headings import Headline
from digests.parsing.levels import Level, levels_of
from digests.parsing.outline import Outline
from digests.parsing.styles import styles_of
from digests.parsing.titles import named_in

TRUSTED = 0.4  # of the entries of contents that are to be believed stand above an article


@dataclass(frozen=True, slots=True)
class Judged:
    """A heading with its level, how sure that is (0 to 1), and why."""

    headline: Headline
    level: Level
    confidence: float
    reasons: tuple[str, ...]


def judged(headlines: Sequence[Headline], *, contents: Contents, outline: Outline) -> list[Judged]:
    """Every heading with its level."""
    entries = contents.entries
    listed = {id(head): entry for head, entry in named_in(headlines, entries)}
    if len({id(entry) for entry in listed.values()}) < TRUSTED * len(entries):
        entries, listed = (), {}  # a box that teases a few articles by other names
    marked = {
        id(head): level
        for head in headlines
        if (level := outline.level(head.text, page=head.page)) is not None
    }
    styles = styles_of(headlines)
    levels = levels_of(styles, headlines, listed, marked)
    found = [
        _judge(
            head,
            level=levels[id(style)],
            entry=listed.get(id(head)),
            marked=marked,
            has_contents=bool(entries),
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
