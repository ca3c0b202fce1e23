"""Classification of headings: which head sections, which articles, which are sub-headings.

A style of heading is classified as a whole, by its members in the printed contents and in the
outline and by their tags; then by size, and by what follows it. So a headline that the outline
lacks is still one, and a sub-heading that an outline lists by mistake is not.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.glyphs.outline import Outline
from pdf_reading.lexicon import differ_in_numbers, is_numbered
from pdf_reading.structure.contents import Contents, Entry
from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.level_reasons import LevelReason, confidence_of
from pdf_reading.structure.levels import Level, levels_of
from pdf_reading.structure.styles import Style, styles_of
from pdf_reading.structure.tags import with_believed_tags
from pdf_reading.structure.titles import named_in

CLOSE = 1.5  # sizes from line to line of one heading
DECK_LEADING = 2.0  # sizes from a headline to what says more below it
MIN_SMALLER = 0.5  # points
MIN_FOUND_SHARE = 0.4  # of the entries, so that the contents are believed


@dataclass(frozen=True, slots=True)
class ClassifiedHeading:
    """A heading with its level, how sure that is (0 to 1), and why."""

    headline: Headline
    level: Level
    confidence: float
    reasons: tuple[LevelReason, ...]


def classified(
    headlines: Sequence[Headline],
    *,
    contents: Contents,
    outline: Outline,
    bands: Set[str] = frozenset(),
) -> list[ClassifiedHeading]:
    """Classify headings. One that the end of a column or page broke is joined again. `bands` are
    the names of sections that stand on page after page."""
    headlines = with_believed_tags(headlines)
    found = _classified(headlines, contents=contents, outline=outline)
    whole = _rejoined(found)
    if len(whole) < len(found):
        found = _classified(whole, contents=contents, outline=outline)
    found = _with_decks_within(found)
    return [replace(h, level=Level.SECTION) if h.headline.text in bands else h for h in found]


def _rejoined(found: Sequence[ClassifiedHeading]) -> list[Headline]:
    """The headings, those joined of which one heads no text and the other follows further up."""
    whole: list[Headline] = []
    levels: list[Level] = []
    for one in found:
        head = one.headline
        last = whole[-1] if whole else None
        broken = (
            last is not None
            and one.level is levels[-1] is Level.ARTICLE
            and last.stop == head.start
            and (_is_further_on(last, head) or _is_close_below(last, head))
            and like(last.face, head.face)
            and not is_numbered(head.text)
            and not differ_in_numbers(last.text, head.text)
            and LevelReason.IN_CONTENTS not in one.reasons
        )
        if broken and last is not None:
            whole[-1] = replace(last, text=joined(last.text, head.text), stop=head.stop)
        else:
            whole.append(head)
            levels.append(one.level)
    return whole


def _with_decks_within(found: Sequence[ClassifiedHeading]) -> list[ClassifiedHeading]:
    """The headings, those within an article that say more below its headline, in lighter or smaller
    type in the same place: the headline heads nothing else."""
    whole: list[ClassifiedHeading] = []
    head = None
    for one in found:
        if head is not None and _is_deck(one, below=whole[-1], head=head):
            whole.append(replace(one, level=Level.WITHIN))
            continue
        whole.append(one)
        head = one.headline if one.level is Level.ARTICLE else None
    return whole


def _is_deck(one: ClassifiedHeading, *, below: ClassifiedHeading, head: Headline) -> bool:
    last, line = below.headline, one.headline
    if one.level is not Level.ARTICLE or last.stop != line.start or last.page != line.page:
        return False
    if LevelReason.IN_CONTENTS in one.reasons or LevelReason.IN_OUTLINE in one.reasons or line.tag:
        return False
    leading = (line.top - last.top) / (last.stop - last.start) / last.face.size
    lighter = head.face.bold and not line.face.bold
    smaller = line.face.size < head.face.size - MIN_SMALLER
    close = 0 < leading < DECK_LEADING and line.centred == head.centred
    return close and (lighter or smaller) and line.face.size <= head.face.size


def _is_further_on(last: Headline, head: Headline) -> bool:
    """Whether a heading stands on the next page, or further up in the next column."""
    return head.page == last.page + 1 or (head.page == last.page and head.top < last.top)


def _is_close_below(last: Headline, head: Headline) -> bool:
    """Whether a heading follows another as its next line, in another colour or place."""
    leading = (head.top - last.top) / (last.stop - last.start) / last.face.size
    return head.page == last.page and 0 < leading < CLOSE and last.tag == head.tag


def _classified(
    headlines: Sequence[Headline], *, contents: Contents, outline: Outline
) -> list[ClassifiedHeading]:
    entries = contents.entries
    listed = {id(head): entry for head, entry in named_in(headlines, entries)}
    if len({id(entry) for entry in listed.values()}) < MIN_FOUND_SHARE * len(entries):
        entries, listed = (), {}  # it teases a few articles by other names
    marked = {
        id(head): level
        for head in headlines
        if (level := outline.level(head.text, page=head.page)) is not None
    }
    styles = [
        part
        for style in styles_of(headlines)
        for part in _parted(style, listed=listed, marked=marked)
    ]
    levels = levels_of(styles, headlines, listed, marked)
    found = [
        _classify(
            head,
            level=levels[id(head)],
            entry=listed.get(id(head)),
            marked=marked,
            has_contents=bool(entries),
            has_outline=len(outline) > 0,
        )
        for style in styles
        for head in style.members
    ]
    return sorted(found, key=lambda one: one.headline.start)


def _parted(style: Style, *, listed: dict[int, Entry], marked: dict[int, int]) -> list[Style]:
    """One style on two levels, where the outline has each heading on one of them and the contents
    list those of the upper one alone."""
    levels = {marked.get(id(head), -1) for head in style.members}
    if len(levels) != 2 or -1 in levels:
        return [style]
    upper = [head for head in style.members if marked[id(head)] == min(levels)]
    lower = [head for head in style.members if marked[id(head)] == max(levels)]
    if any((id(head) in listed) != (head in upper) for head in style.members):
        return [style]
    return [replace(style, members=tuple(part)) for part in (upper, lower)]


def _classify(
    head: Headline,
    *,
    level: Level,
    entry: Entry | None,
    marked: dict[int, int],
    has_contents: bool,
    has_outline: bool,
) -> ClassifiedHeading:
    reasons = [LevelReason.SET_IN_TYPE]
    if head.plain:
        reasons.append(LevelReason.SET_AS_THE_TEXT)
    if entry:
        reasons.append(LevelReason.IN_CONTENTS)
        if level is Level.WITHIN:
            level = Level.ARTICLE
    elif has_contents and level is not Level.WITHIN:
        reasons.append(LevelReason.NOT_IN_CONTENTS)
    if id(head) in marked:
        reasons.append(LevelReason.IN_OUTLINE)
    elif has_outline and level is not Level.WITHIN:
        reasons.append(LevelReason.NOT_IN_OUTLINE)
    if head.tag:
        reasons.append(LevelReason.TAGGED)
    return ClassifiedHeading(head, level, confidence_of(tuple(reasons)), tuple(reasons))
