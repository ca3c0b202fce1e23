"""Regular plain headings: styles whose numbers count on, that the contents list, or that have
enough members. A style is taken as a whole or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle, is_neighbour
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.headings import Headline
from pdf_reading.structure.numerals import count_on, number_of
from pdf_reading.structure.plain import APART, HeadingContext, is_at_the_edge, plain_headlines
from pdf_reading.structure.reprinted import comparable
from pdf_reading.structure.styles import depth_of

MIN_MEMBERS = 3  # of one style; two where they stand apart
MAX_AT_ONCE = 2  # without numbers, one below the other: a section and its first headline
ASIDE = "aside"
MIN_LISTED_SHARE = 0.4  # of a style, in the contents


def with_plain(
    lines: Sequence[Line],
    heads: Sequence[Headline],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    contents: Contents,
) -> list[Headline]:
    """The headings `heads` and the regular plain ones, in reading order."""
    found_already = {comparable(head.text) for head in heads}
    listed = {comparable(entry.title) for entry in contents.entries} - found_already
    inks = Counter(line.ink for line in lines if line.face == body)
    context = HeadingContext(
        body, paragraph_style, listed, max(inks, key=inks.__getitem__, default=0)
    )
    taken = {index for head in heads for index in range(head.start, head.stop)}
    found = plain_headlines(lines, taken, context=context)
    styles: dict[str, list[Headline]] = defaultdict(list)
    for head in _without_lists(found, lines, context=context):
        styles[_style(head, lines)].append(head)
    regular = [
        head
        for style, members in styles.items()
        if _are_headings(style, members, lines, context=context)
        for head in members
    ]
    return sorted([*heads, *regular], key=lambda head: head.start)


def _style(head: Headline, lines: Sequence[Line]) -> str:
    """The style of a plain heading. One neither at the edge nor in the middle heads others."""
    aside = not (head.centred or number_of(head.text) or is_at_the_edge(lines[head.start]))
    return ASIDE if aside else f"{depth_of(head)} {lines[head.start].ink:x}"


def _without_lists(
    found: Sequence[Headline], lines: Sequence[Line], *, context: HeadingContext
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
        apart = [head for head in run[1:] if _stands_apart(head, lines, context=context)]
        rest = apart if apart == run[-1:] else []
        listed = [head for head in run if comparable(head.text) in context.titles]
        kept += (listed or rest) if _is_list(run) else run
    return kept


def _is_list(run: Sequence[Headline]) -> bool:
    """Whether lines that follow each other at once are entries of a list: two of one numbering,
    or too many without."""
    numbered = [depth_of(head) for head in run if number_of(head.text)]
    return len(run) - len(numbered) > MAX_AT_ONCE or len(numbered) > len(set(numbered))


def _are_headings(
    style: str, heads: Sequence[Headline], lines: Sequence[Line], *, context: HeadingContext
) -> bool:
    if sum(comparable(head.text) in context.titles for head in heads) > MIN_LISTED_SHARE * len(
        heads
    ):
        return True
    numbers = [number_of(head.text) for head in heads]
    if any(numbers):
        return count_on(numbers)
    apart = sum(_stands_apart(head, lines, context=context) for head in heads)
    if style == ASIDE:  # who signs does so again and again, below the first headline
        return 1 < len({head.text for head in heads}) == apart == len(heads)
    return len(heads) >= MIN_MEMBERS or (len(heads) > 1 and apart == len(heads))


def _stands_apart(head: Headline, lines: Sequence[Line], *, context: HeadingContext) -> bool:
    """More space above than between lines, or the top of a page."""
    above, line = lines[max(head.start - 1, 0)], lines[head.start]
    if not is_neighbour(above, line):
        return True
    return (
        line.baseline - above.baseline > (context.paragraph_style.leading + APART) * line.face.size
    )
