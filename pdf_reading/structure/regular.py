"""Which looks of plain headings are those of an issue: they count, the contents list them, or
there are enough of them. A look is taken or left as a whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, is_neighbour
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.numerals import count_on, number_of
from pdf_reading.structure.plain import APART, HeadingContext, is_at_the_edge, plain_headlines
from pdf_reading.structure.reprinted import plain
from pdf_reading.structure.styles import depth_of

ENOUGH = 3  # of one look; two do where they stand apart
MOST_AT_ONCE = 2  # without numbers, one below the other: a section and its first headline
ASIDE = "aside"
LISTED = 0.4  # of a look, in the contents


def with_plain(
    lines: Sequence[Line],
    heads: Sequence[Headline],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    contents: Contents,
) -> list[Headline]:
    """The headings that stand out and those that do not, in reading order."""
    listed = frozenset(plain(entry.title) for entry in contents.entries)
    inks = Counter(line.ink for line in lines if line.face == body)
    setting = HeadingContext(
        body, paragraph_style, listed, max(inks, key=inks.__getitem__, default=0)
    )
    taken = {index for head in heads for index in range(head.start, head.stop)}
    found = plain_headlines(lines, taken, setting=setting)
    looks: dict[str, list[Headline]] = defaultdict(list)
    for head in _without_lists(found, lines, setting=setting):
        looks[_look(head, lines)].append(head)
    regular = [
        head
        for look, members in looks.items()
        if _are_headings(look, members, lines, setting=setting)
        for head in members
    ]
    return sorted([*heads, *regular], key=lambda head: head.start)


def _look(head: Headline, lines: Sequence[Line]) -> str:
    """What stands neither at the edge nor in the middle heads other headings only."""
    aside = not (head.centred or number_of(head.text) or is_at_the_edge(lines[head.start]))
    return ASIDE if aside else f"{depth_of(head)} {lines[head.start].ink:x}"


def _without_lists(
    found: Sequence[Headline], lines: Sequence[Line], *, setting: HeadingContext
) -> list[Headline]:
    """The headings but for entries of lists; one that stands apart below a list heads what
    follows."""
    runs: list[list[Headline]] = []
    for head in found:
        if runs and runs[-1][-1].stop == head.start:
            runs[-1].append(head)
        else:
            runs.append([head])
    kept: list[Headline] = []
    for run in runs:
        apart = [head for head in run[1:] if _stands_apart(head, lines, setting=setting)]
        rest = apart if apart == run[-1:] else []
        listed = [head for head in run if plain(head.text) in setting.titles]
        kept += (listed or rest) if _is_list(run) else run
    return kept


def _is_list(run: Sequence[Headline]) -> bool:
    """Whether lines that follow each other at once are entries of a list: two of one numbering,
    or too many without."""
    numbered = [depth_of(head) for head in run if number_of(head.text)]
    return len(run) - len(numbered) > MOST_AT_ONCE or len(numbered) > len(set(numbered))


def _are_headings(
    look: str, heads: Sequence[Headline], lines: Sequence[Line], *, setting: HeadingContext
) -> bool:
    if sum(plain(head.text) in setting.titles for head in heads) > LISTED * len(heads):
        return True
    numbers = [number_of(head.text) for head in heads]
    if any(numbers):
        return count_on(numbers)
    apart = sum(_stands_apart(head, lines, setting=setting) for head in heads)
    if look == ASIDE:  # who signs does so again and again, below the first headline
        return 1 < len({head.text for head in heads}) == apart == len(heads)
    return len(heads) >= ENOUGH or (len(heads) > 1 and apart == len(heads))


def _stands_apart(head: Headline, lines: Sequence[Line], *, setting: HeadingContext) -> bool:
    """More space above than between lines, or the top of a page."""
    above, line = lines[max(head.start - 1, 0)], lines[head.start]
    if not is_neighbour(above, line):
        return True
    return (
        line.baseline - above.baseline > (setting.paragraph_style.leading + APART) * line.face.size
    )
