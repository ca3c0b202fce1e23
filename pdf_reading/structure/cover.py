"""The facts on a cover or masthead: title, number, date and publisher of the issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon.dates import without_dates
from pdf_reading.lexicon.facts import is_dateline, is_imprint, is_kind_of_issue
from pdf_reading.lexicon.months import MONTH
from pdf_reading.lexicon.numbers import NUMBER
from pdf_reading.lexicon.publishers import body_named, facts_in, names_a_body, publisher_in
from pdf_reading.structure.issue_facts import number_and_date

SAME_SIZE = 0.85  # of the size of a title, its other lines
MUCH_SMALLER = 0.6  # of the largest size, what stands above number and date and is yet no title
CLOSE = 2.5  # sizes from line to line


@dataclass(frozen=True, slots=True)
class Imprint:
    """The facts of an issue; "" for what was not printed. `date` as in `IssueText`."""

    title: str
    number: str
    date: str
    publisher: str


def imprint_of(lines: Sequence[Line], elsewhere: Sequence[Line] = ()) -> Imprint:
    """Read the lines of a cover or masthead; number and date may stand `elsewhere`."""
    title = _title(lines)
    number, date = number_and_date(lines, elsewhere)
    return Imprint(title, number, date, _publisher(lines, title))


def repeats(imprint: Imprint, text: str) -> bool:
    """Whether a line has nothing but title, number or date of the issue, or a page number."""
    if not imprint.title or imprint.title not in text or len(text) > len(imprint.title) + 50:
        return False
    rest = text.replace(imprint.title, "").replace(imprint.number, "")
    rest = re.sub(rf"{MONTH}|page|[第页頁年月日期\W\d_]", "", rest, flags=re.IGNORECASE)
    return not rest


def _title(lines: Sequence[Line]) -> str:
    """The largest type above number and date, if not all that is large stands below them; lines in
    it that follow each other. The number in the line of a title is none of its words."""
    named = [line for line in lines if _names(line)]
    # "Newsletter" may be a line of a title, but is none by itself.
    telling = [line for line in named if not is_kind_of_issue(line.text)] or named
    if not telling:
        return ""
    largest = max(line.face.size for line in telling)
    above = max((x.face.size for x in telling if _stands_above_facts(x, lines)), default=0.0)
    size = above if above > MUCH_SMALLER * largest else largest
    return _without_facts(_whole_title(named, size))


def _names(line: Line) -> bool:
    return bool(re.search(r"[^\W\d_]", line.text)) and not is_dateline(line.text)


def _stands_above_facts(line: Line, lines: Sequence[Line]) -> bool:
    return any(
        is_imprint(one.text)
        and one.page == line.page
        and one.baseline > line.baseline
        and one.face.size <= line.face.size
        for one in lines
    )


def _whole_title(lines: Sequence[Line], size: float) -> str:
    """The lines of about a size that follow each other."""
    title = ""
    last: Line | None = None
    for line in lines:
        alike = SAME_SIZE * size < line.face.size < size / SAME_SIZE
        if alike and (last is None or _close(last, line)):
            title, last = joined(title, line.text), line
    return title


def _without_facts(title: str) -> str:
    bare = without_dates(NUMBER.sub(" ", title)) if is_imprint(title) else title
    return re.sub(r"\s+", " ", bare).strip(" -–—·|,，:：()（）") or title


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
