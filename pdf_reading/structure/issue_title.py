"""The title of an issue on its cover or masthead, else in its running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import joined
from pdf_reading.layout.furniture import Furniture
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.sheet import Sheet
from pdf_reading.lexicon.dates import dates_in, without_dates
from pdf_reading.lexicon.facts import beside_facts, is_dateline, is_imprint, is_kind_of_issue
from pdf_reading.lexicon.numbers import NUMBER
from pdf_reading.lexicon.publishers import names_a_body

SAME_SIZE = 0.85  # of the size of a title, its other lines
MUCH_SMALLER = 0.6  # of the largest size, what stands above number and date and is yet no title
CLOSE = 2.5  # sizes from line to line
HEAD = 1 / 5  # of the height of a first page
LARGE = 1.2  # of the size of the text
DISPLAY = 2.5  # of that size
MIN_SHARE = 0.5  # of the pages, of a running head that is the title
_QUOTED = re.compile(r"[“\"「『‘«].*[”\"」』’»][.。]?")


def title_in(masthead: Sequence[Line]) -> str:
    """Return the largest type above number and date, if not all that is large stands below them;
    lines in it that follow each other. The number in the line of a title is none of its words."""
    named = [line for line in masthead if _names(line)]
    # "Newsletter" may be a line of a title, but is none by itself.
    telling = [line for line in named if not is_kind_of_issue(line.text)] or named
    if not telling:
        return ""
    largest = max(line.face.size for line in telling)
    above = max((x.face.size for x in telling if _stands_above_facts(x, masthead)), default=0.0)
    size = above if above > MUCH_SMALLER * largest else largest
    return without_facts(_whole(named, size))


def title_elsewhere(sheets: Sequence[Sheet], furniture: Furniture, *, body: Face) -> str:
    """Return the banner that stands on page after page, else the words that half of the pages have
    for a running head, else the institution that the head of the first page names; "" without any.
    What else is set larger than the text on page after page is the band of a section."""
    if banner := _banner(sheets, furniture, body=body):
        return banner
    running = {
        (without_facts(line.text), sheet.number)
        for sheet in sheets
        for line in sheet.lines
        if id(line) in furniture.lines
        and _names(line)
        and line.face.size <= LARGE * body.size
        and line.box.bottom < HEAD * sheet.height
    }
    pages = Counter(words for words, _ in running)
    if pages and pages.most_common(1)[0][1] >= max(3, MIN_SHARE * len(sheets)):
        return pages.most_common(1)[0][0]
    first = sheets[0]
    heads = (line for line in first.lines if line.box.bottom < HEAD * first.height)
    bodies = [x for x in heads if _names(x) and len(x.text) < 60 and names_a_body(x.text)]
    return max(bodies, key=lambda line: line.face.size).text if bodies else ""


def _banner(sheets: Sequence[Sheet], furniture: Furniture, *, body: Face) -> str:
    """The words of a running head of the first page in display type, the largest of the issue."""
    lines = [line for sheet in sheets for line in sheet.lines]
    printed = (line.face.size for line in lines if id(line) not in furniture.lines)
    least = max(DISPLAY * body.size, *printed, 0.0)
    heads = (line for line in sheets[0].lines if id(line) in furniture.lines and _names(line))
    banner = max(heads, key=lambda line: line.face.size, default=None)
    return without_facts(banner.text) if banner and banner.face.size > least else ""


def without_facts(title: str) -> str:
    """Return a title without the number and the date that stand in its line."""
    bare = without_dates(NUMBER.sub(" ", title)) if is_imprint(title) else title
    return re.sub(r"\s+", " ", bare).strip(" -–—·|,，:：()（）") or title


def _names(line: Line) -> bool:
    """Whether a line may name an issue: a motto in quotation marks does not, nor does what is
    mostly a date."""
    words = re.search(r"[^\W\d_]", line.text) and not is_dateline(line.text)
    return bool(words) and not _QUOTED.fullmatch(line.text) and not _is_mostly_date(line.text)


def _is_mostly_date(text: str) -> bool:
    days = [one for one in dates_in(text) if one.is_day]
    return any(one.stop - one.start > len(beside_facts(text)) for one in days)


def _stands_above_facts(line: Line, lines: Sequence[Line]) -> bool:
    return any(
        is_imprint(one.text)
        and one.page == line.page
        and one.baseline > line.baseline
        and one.face.size <= line.face.size
        for one in lines
    )


def _whole(lines: Sequence[Line], size: float) -> str:
    """The lines of about a size that follow each other."""
    title = ""
    last: Line | None = None
    for line in lines:
        alike = SAME_SIZE * size < line.face.size < size / SAME_SIZE
        address = last is not None and re.match(r"\d", line.text)
        if alike and not address and (last is None or _close(last, line)):
            title, last = joined(title, line.text), line
    return title


def _close(last: Line, line: Line) -> bool:
    return last.page == line.page and line.baseline - last.baseline < CLOSE * line.face.size
