"""The facts on a cover or masthead: title, number, date and publisher of the issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.furniture import Furniture
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.sheet import Sheet
from pdf_reading.lexicon.months import MONTH
from pdf_reading.lexicon.publishers import body_named, facts_in, names_a_body, publisher_in
from pdf_reading.structure.issue_facts import lines_of_facts, month_of_only_year, number_and_date
from pdf_reading.structure.issue_title import title_elsewhere, title_in

CLOSE = 2.5  # sizes from line to line


@dataclass(frozen=True, slots=True)
class Imprint:
    """The facts of an issue; "" for what was not printed. `date` as in `IssueText`."""

    title: str
    number: str
    date: str
    publisher: str


def imprint_of(
    lines: Sequence[Line], *, sheets: Sequence[Sheet], furniture: Furniture, body: Face
) -> Imprint:
    """Read the lines of a cover or masthead. What is missing there may stand elsewhere on the
    sheets of the issue."""
    title = title_in(lines) or title_elsewhere(sheets, furniture, body=body)
    number, date = number_and_date(lines, lines_of_facts(sheets, furniture))
    date = date or month_of_only_year(lines, sheets)
    return Imprint(title, number, date, _publisher(lines, title))


def repeats(imprint: Imprint, text: str) -> bool:
    """Return whether a line has nothing but title, number or date of the issue, or a page
    number."""
    if not imprint.title or imprint.title not in text or len(text) > len(imprint.title) + 50:
        return False
    rest = text.replace(imprint.title, "").replace(imprint.number, "")
    rest = re.sub(rf"{MONTH}|page|[第页頁年月日期\W\d_]", "", rest, flags=re.IGNORECASE)
    return not rest


def _close(last: Line, line: Line) -> bool:
    return last.page == line.page and line.baseline - last.baseline < CLOSE * line.face.size


def _publisher(lines: Sequence[Line], title: str) -> str:
    facts = [fact for text in _whole(lines) for fact in facts_in(text)]
    if named := next(filter(None, map(publisher_in, facts)), ""):
        return named
    bodies = (f for f in reversed(facts) if len(f) < 60 and f not in title and names_a_body(f))
    return body_named(next(bodies, ""))


def _whole(lines: Sequence[Line]) -> list[str]:
    """The texts of lines, those joined that one full line goes on in."""
    texts: list[str] = []
    for last, line in zip((None, *lines), lines, strict=False):
        full = last is not None and last.right - last.box.x1 < 1.5 * last.face.size
        if last is not None and full and last.face == line.face and _close(last, line):
            texts[-1] = joined(texts[-1], line.text)
        else:
            texts.append(line.text)
    return texts
