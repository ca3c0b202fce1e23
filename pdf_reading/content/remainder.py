"""The lines that no article claims: names of sections, back matter, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from pdf_reading.account import Destination
from pdf_reading.content.articles import SectionDraft
from pdf_reading.glyphs.letters import size_of
from pdf_reading.layout.lines import Line
from pdf_reading.layout.omissions import text_in
from pdf_reading.lexicon import is_boilerplate, is_contact
from pdf_reading.structure.apart import Apart
from pdf_reading.structure.back_matter import is_imprint_block
from pdf_reading.structure.reprinted import comparable

MAX_IMPRINT_LENGTH = 1_000  # characters


def remainder_of(lines: Sequence[Line], sections: Sequence[SectionDraft]) -> Iterator[Apart]:
    """Yield what no article claims, each run of lines of a page by itself."""
    claimed, names = _claimed(sections), _names(sections, lines)
    first = min(claimed | names, default=len(lines))
    free = [n for n in range(len(lines)) if n not in claimed]
    for _, group in groupby(free, key=lambda n: (n in names, lines[n].page, n < first)):
        run = list(group)
        own = tuple(lines[n] for n in run)
        if run[0] in names:
            yield Apart(Destination.SECTION, own)
        else:
            opens = run[0] < first and own[0].page == lines[0].page
            yield Apart(_destination(own, opens=opens), own)


def _claimed(sections: Sequence[SectionDraft]) -> set[int]:
    """The indices of the lines of articles."""
    return {
        n
        for section in sections
        for article in section.articles
        for head in [article.head.headline]
        for n in chain(range(head.start, head.stop), range(article.start, article.stop))
    }


def _names(sections: Sequence[SectionDraft], lines: Sequence[Line]) -> set[int]:
    """The indices of the lines of the names of sections, also where they stand once more."""
    heads = [section.head.headline for section in sections if section.head]
    names = {comparable(head.text) for head in heads}
    again = {n for n, line in enumerate(lines) if comparable(line.text) in names}
    return again | {n for head in heads for n in range(head.start, head.stop)}


def _destination(lines: Sequence[Line], *, opens: bool) -> Destination:
    """What lines are that stand in no article; `opens`: before all of them, on the first page."""
    if _is_back_matter(lines):
        return Destination.BACK_MATTER
    return Destination.FRONT_MATTER if opens else Destination.LEFT_OVER


def _is_back_matter(lines: Sequence[Line]) -> bool:
    """Whether lines are an imprint, a notice of copyright or an address, and no more."""
    texts = [text_in(line) for line in lines]
    if size_of(texts) > MAX_IMPRINT_LENGTH:
        return False
    return is_boilerplate(texts[0]) or is_contact(" ".join(texts)) or is_imprint_block(lines)
