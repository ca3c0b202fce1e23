"""What closes an issue below its last article: who publishes it, where to write, how to leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from digests.parsing.cover import is_imprint
from digests.parsing.furniture import Sheet, rows_of
from digests.parsing.geometry import Box, around
from digests.parsing.lines import Face, Line
from digests.parsing.wording import is_source

MOST_ROWS = 12
WIDE_GAP = 3.2  # sizes from baseline to baseline
_PUBLISHES = re.compile(
    r"主\s*[办辦]|[编編]\s*印|承\s*[办辦]|[编編][辑輯]出版|版[权權]所有|\bpublished by\b|"
    r"all rights reserved|copyright|©|ISSN",
    re.IGNORECASE,
)
_FACTS = (
    _PUBLISHES,
    re.compile(
        r"[责責]任[编編][辑輯]|主\s*[编編]|[编編]\s*[辑輯]\s*[:：部]|\beditors?\b", re.IGNORECASE
    ),
    re.compile(r"[地网網]\s*址\s*[:：]|[邮郵]\s*[编編]|邮政编码|\baddress\b", re.IGNORECASE),
    re.compile(
        r"[电電]\s*[话話]\s*[:：]|[传傳]\s*真|\b(?:tele)?phone\b|\btel\b|\bfax\b", re.IGNORECASE
    ),
    re.compile(r"[邮郵]\s*箱|\S@\S+\.\w|\be-?mail\b|\bwrite to\b|\bcontact\b", re.IGNORECASE),
    re.compile(r"退[订訂]|[订訂][阅閱]|\b(?:un)?subscri", re.IGNORECASE),
)


def closing_of(sheet: Sheet, *, body: Face) -> list[Line]:
    """The lines at the foot of the last page that say so, set off by a rule, by small type or by
    a wide gap; none where the text runs to the end."""
    rows = rows_of(sheet.lines)[-MOST_ROWS:]
    for start in range(len(rows)):
        block = [line for row in rows[start:] for line in row]
        above = [line for line in sheet.lines if line not in block]
        apart = (
            _is_set_off(block, above, sheet.rules, body=body)
            if above
            else sheet.number > 1 and any(_PUBLISHES.search(line.text) for line in block)
        )
        if apart and says_who_publishes(block):
            names = all(is_imprint(one.text) or one.face != body for one in above)
            return [*above, *block] if names else block
    return []


def kinds_of_facts(texts: Iterable[str]) -> int:
    """How many kinds of facts a text gives: who publishes, who edits, where, by what means."""
    text = "\n".join(texts)
    return sum(bool(kind.search(text)) for kind in _FACTS)


def publishes(text: str) -> bool:
    """Whether a text names a publisher or a copyright."""
    return bool(_PUBLISHES.search(text))


def says_who_publishes(block: Sequence[Line]) -> bool:
    """Two kinds of facts, and hardly a line without one: an article may name an address too."""
    kinds = kinds_of_facts(line.text for line in block)
    plain = sum(not any(kind.search(line.text) for kind in _FACTS) for line in block)
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
