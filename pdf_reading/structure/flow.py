"""The reading order of an issue: the columns of its pages, its boxes apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pdf_reading.layout.bounds import with_box_bounds, with_column_bounds
from pdf_reading.layout.columns import Column, columns_of, gutters_of
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.sheet import Sheet, body_face
from pdf_reading.structure.boxes import TextBox, are_layout, is_banner, text_boxes_on
from pdf_reading.structure.headings import like

CLOSE = 1.6  # sizes from line to line of one heading
MIN_TORN = 4  # lines of a page that are read apart from the next one below
MIN_TORN_SHARE = 0.08  # of those that have one


def flowing_lines(
    columns: Sequence[Column], pages: Sequence[Sequence[Line]], boxes: Sequence[TextBox]
) -> list[Line]:
    """The lines of all columns in reading order, with their bounds beside boxes and figures."""
    frames = [(box.lines[0].page, box.frame) for box in boxes]
    figures = [
        (line.page, line.box)
        for lines in pages
        for line in lines
        if line.inset and line.inset.kind == "figure"
    ]
    return with_box_bounds(with_column_bounds(columns), [*frames, *figures])


def with_whole_headings(lines: Sequence[Line], *, body: Face) -> list[Line]:
    """The lines with each figure that stands beside a heading of several lines behind it, and not
    in it."""
    whole: list[Line] = []
    held: list[Line] = []
    for line in lines:
        if line.inset:
            held.append(line)
            continue
        if held and not (whole and _is_next_of_heading(whole[-1], line, body=body)):
            whole, held = whole + held, []
        whole.append(line)
    return whole + held


def _is_next_of_heading(last: Line, line: Line, *, body: Face) -> bool:
    """Whether a line stands close below another of its type, which is not that of the text."""
    if last.inset or not like(last.face, line.face) or like(line.face, body):
        return False
    close = 0 < line.baseline - last.baseline < CLOSE * line.face.size
    return close and last.page == line.page and last.box.shared_width(line.box) > 0


def uncertain_pages(columns: Sequence[Column]) -> list[int]:
    """The pages on which the order of reading tears apart lines that follow each other closely."""
    neighbours: Counter[int] = Counter()
    torn: Counter[int] = Counter()
    for column in columns:
        neighbours[column.lines[0].page] += column.neighbours
        torn[column.lines[0].page] += column.torn
    return [
        page
        for page, count in sorted(torn.items())
        if count >= MIN_TORN and count >= MIN_TORN_SHARE * neighbours[page]
    ]


def boxes_of(pages: Sequence[Sequence[Line]], sheets: Sequence[Sheet]) -> list[TextBox]:
    """The boxes of an issue that are read by themselves."""
    size = body_face(sheets).size
    boxes = [
        box
        for lines, sheet in zip(pages, sheets, strict=True)
        for box in text_boxes_on(lines, sheet.frames, first=sheet is sheets[0])
        if not is_banner(box, size=size)
    ]
    return [box for box in boxes if not box.head] if are_layout(boxes, pages) else boxes


def columns_of_all(
    pages: Sequence[Sequence[Line]], sheets: Sequence[Sheet], boxes: Sequence[TextBox]
) -> list[Column]:
    """The columns of all pages, a box of contents after those of its page; a page with little on
    it is parted as the full ones are."""
    apart = {id(line) for box in boxes for line in box.printed}
    ruled = [
        ([line for line in lines if id(line) not in apart], sheet.rules)
        for lines, sheet in zip(pages, sheets, strict=True)
    ]
    parted = [columns_of(lines, rules=rules) for lines, rules in ruled]
    known = frozenset(edge for columns in parted for edge in gutters_of(columns))
    if known:
        parted = [columns_of(lines, rules=rules, known=known) for lines, rules in ruled]
    for box in (box for box in boxes if box.lists_contents):
        parted[box.lines[0].page - 1] += columns_of(box.lines)
    return [column for columns in parted for column in columns]
