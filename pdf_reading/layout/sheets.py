"""Pages to sheets: lines of text, with tables and figures among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pdf_reading.glyphs.encoding_check import EncodingTally
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.page import Page
from pdf_reading.issue_text import ParseWarning
from pdf_reading.layout.bars import rules_between
from pdf_reading.layout.drop_caps import with_drop_caps
from pdf_reading.layout.figures import Drawing, figures_of, with_labels
from pdf_reading.layout.frames import frames_of, parted_by
from pdf_reading.layout.lines import Face, Inset, Line, lines_of
from pdf_reading.layout.page_edges import repeated_at_edges
from pdf_reading.layout.rims import outside
from pdf_reading.layout.sheet import Sheet
from pdf_reading.layout.superscripts import with_superscripts
from pdf_reading.layout.tables import tables_of
from pdf_reading.limits import ParseFailure, UnreadablePdf


def sheets_of(pages: Iterable[Page]) -> tuple[list[Sheet], list[ParseWarning]]:
    """Return the sheets of all pages, and warnings about some. Takes flat memory per page.

    Raises `UnreadablePdf` where there is no text, or where fonts do not say which it is.
    """
    drafts: list[_Draft] = []
    warnings, tally = [], EncodingTally()
    for page in pages:
        drafts.append(_drafted(page))
        tally.add(page)
        if not page.glyphs and page.pictures:
            warnings.append(ParseWarning("page_without_text", page.number))
        if page.vertical and not (len(drafts) > 1 and drafts[-2].sheet.vertical):
            warnings.append(ParseWarning("vertical_text", page.number))
        if page.unreadable:
            warnings.append(ParseWarning("unreadable_characters", page.number))
    if tally.is_garbled():
        raise UnreadablePdf(ParseFailure.GARBLED)
    if tally.is_empty():
        raise UnreadablePdf(ParseFailure.NO_TEXT)
    repeated = repeated_at_edges([draft.sheet for draft in drafts])
    return [_finished(draft, repeated=repeated) for draft in drafts], warnings


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sheet without its insets: the tables, and the figures without the words at their rims."""

    sheet: Sheet
    tables: tuple[Inset, ...]
    drawings: tuple[Drawing, ...]

    def stands_over(self, line: Line) -> bool:
        """Whether a line is text that stands over a figure, and no label of it."""
        return any(text.holds(line.box) for drawing in self.drawings for text in drawing.text)


def _drafted(page: Page) -> _Draft:
    tables = tables_of(page)
    drawings = figures_of(page, tables=tables)
    figures = [drawing.box for drawing in drawings]
    taken = [*(table.box for table in tables), *figures]
    text = [line for drawing in drawings for line in drawing.text]
    free = outside(
        [glyph for glyph in page.glyphs if not any(table.box.holds(glyph.box) for table in tables)],
        figures,
        text=text,
    )
    frames = frames_of(page, taken=taken)
    anchors = [one for one in page.anchors if not _is_of_picture(one.box, page, figures)]
    lines = [
        line
        for part in parted_by(frames, with_drop_caps(with_superscripts(free)))
        for line in lines_of(page.number, part, anchors)
    ]
    sheet = Sheet(
        page.number,
        page.width,
        page.height,
        tuple(lines),
        vertical=page.vertical,
        rules=tuple(rules_between(page, taken=taken)),
        frames=frames,
    )
    return _Draft(sheet, tuple(tables), tuple(drawings))


def _is_of_picture(box: Box, page: Page, figures: Sequence[Box]) -> bool:
    """Whether a link is that of a picture, so that no words near its rim lead anywhere."""
    return any(
        box.shared_area(picture) > 0.5 * max(box.area, picture.area)
        for picture in (*page.pictures, *figures)
    )


def _finished(draft: _Draft, *, repeated: frozenset[int]) -> Sheet:
    """The sheet with its insets; a line that is `repeated` on other pages is no figure's label."""
    sheet = draft.sheet
    free = [line for line in sheet.lines if id(line) not in repeated]
    size = _usual(sheet.lines)
    figures = [with_labels(drawing.box, free, size=size) for drawing in draft.drawings]
    lines = [
        line
        for line in sheet.lines
        if id(line) in repeated
        or draft.stands_over(line)
        or not any(figure.holds(line.box) for figure in figures)
    ]
    insets = [*draft.tables, *(Inset("figure", figure) for figure in figures)]
    return replace(
        sheet,
        lines=(*lines, *(_inset_line(sheet.number, inset) for inset in insets)),
        rules=tuple(
            rule for rule in sheet.rules if not any(figure.holds(rule) for figure in figures)
        ),
    )


def _usual(lines: Sequence[Line]) -> float:
    """The size that half of the text has at most; 0 where there is none."""
    sizes = sorted(line.face.size for line in lines for _ in line.text)
    return sizes[len(sizes) // 2] if sizes else 0.0


def _inset_line(page: int, inset: Inset) -> Line:
    """An inset takes part in the order of reading like a line."""
    return Line(page, "", inset.box, inset.box.bottom, Face(10, bold=False, family=""), inset=inset)
