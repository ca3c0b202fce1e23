"""The back matter below the last article: publisher, addresses, how to unsubscribe."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pdf_reading.glyphs.geometry import Box, around
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.sheet import Sheet, rows_of
from pdf_reading.lexicon import is_source
from pdf_reading.lexicon.facts import FACTS, PUBLISHES, is_imprint, kinds_of_facts

MAX_ROWS = 12
WIDE_GAP = 3.2  # sizes from baseline to baseline


def back_matter_of(sheet: Sheet, *, body: Face) -> list[Line]:
    """The lines of the imprint at the foot of the last page, set off by a rule, by small type or by
    a wide gap; none where the text runs to the end."""
    rows = rows_of(sheet.lines)[-MAX_ROWS:]
    for start in range(len(rows)):
        block = [line for row in rows[start:] for line in row]
        above = [line for line in sheet.lines if line not in block]
        apart = (
            _is_set_off(block, above, sheet.rules, body=body)
            if above
            else sheet.number > 1 and any(PUBLISHES.search(line.text) for line in block)
        )
        if apart and is_imprint_block(block):
            names = all(is_imprint(one.text) or one.face != body for one in above)
            return [*above, *block] if names else block
    return []


def is_imprint_block(block: Sequence[Line]) -> bool:
    """Return whether lines are an imprint: two kinds of facts, and few lines without one, as an
    article may name an address too."""
    kinds = kinds_of_facts(line.text for line in block)
    plain = sum(not any(kind.search(line.text) for kind in FACTS) for line in block)
    return kinds >= 2 and plain <= len(block) / 2 and not any(is_source(x.text) for x in block)


def _is_set_off(
    block: Sequence[Line], above: Sequence[Line], rules: Sequence[Box], *, body: Face
) -> bool:
    whole, rest = around(line.box for line in block), around(line.box for line in above)
    if rest.bottom > whole.top + 1:
        return False
    ruled = any(
        rest.bottom - 1 <= rule.top <= whole.top + 2 and rule.width > 0.3 * rest.width
        for rule in rules
    )
    small = all(line.face.size < 0.95 * body.size for line in block)
    first, last = block[0], max(above, key=lambda line: line.baseline)
    far = first.baseline - last.baseline > WIDE_GAP * first.face.size
    close = all(b.baseline - a.baseline < WIDE_GAP * b.face.size for a, b in pairwise(block))
    return close and (ruled or small or far)
