"""Pages to sheets: lines of text, with tables and figures among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pdf_reading.account import Destination
from pdf_reading.glyphs.encoding_check import EncodingTally
from pdf_reading.glyphs.geometry import Box
from pdf_reading.glyphs.letters import size_of
from pdf_reading.glyphs.page import Glyph, Page
from pdf_reading.issue_text import ParseWarning
from pdf_reading.layout.bars import rules_between
from pdf_reading.layout.cells import inside
from pdf_reading.layout.drop_caps import with_drop_caps
from pdf_reading.layout.figures import Drawing, figures_of, with_labels
from pdf_reading.layout.frames import frames_of, parted_by
from pdf_reading.layout.lines import Face, Inset, Line, lines_of
from pdf_reading.layout.omissions import omissions
from pdf_reading.layout.page_edges import repeated_at_edges
from pdf_reading.layout.rims import outside
from pdf_reading.layout.sheet import Sheet
from pdf_reading.layout.superscripts import with_superscripts
from pdf_reading.layout.tables import tables_of
from pdf_reading.limits import ParseFailure, UnreadablePdf

MUCH_ROTATED = 150  # characters: more than a watermark or a note in the margin
MAX_INVISIBLE = 8  # characters of a page that nobody sees and nobody misses


def sheets_of(pages: Iterable[Page]) -> tuple[list[Sheet], list[ParseWarning]]:
    """Return the sheets of all pages, and warnings about some. Takes flat memory per page.

    Raises `UnreadablePdf` where there is no text, or where fonts do not say which it is.
    """
    drafts: list[_Draft] = []
    warnings: list[ParseWarning] = []
    tally = EncodingTally()
    for page in pages:
        drafts.append(_drafted(page))
        tally.add(page)
        goes_on = len(drafts) > 1 and drafts[-2].sheet.vertical
        warnings += (ParseWarning(code, page.number) for code in _warnings(page, goes_on=goes_on))
    if tally.is_garbled():
        raise UnreadablePdf(ParseFailure.GARBLED)
    if tally.is_empty():
        raise UnreadablePdf(ParseFailure.NO_TEXT)
    repeated = repeated_at_edges([draft.sheet for draft in drafts])
    return [_finished(draft, repeated=repeated) for draft in drafts], warnings


def _warnings(page: Page, *, goes_on: bool) -> Iterator[str]:
    """Yield the codes of the warnings about a page; `goes_on`: the last one was vertical, too."""
    if not page.glyphs and page.pictures:
        yield "page_without_text"
    if page.unreadable:
        yield "unreadable_characters"
    if page.omitted.get(Destination.UNREAD):
        yield "page_read_in_part"
    if page.omitted.get(Destination.ROTATED, 0) >= MUCH_ROTATED:
        yield "rotated_text"
    if page.omitted.get(Destination.INVISIBLE, 0) > MAX_INVISIBLE:
        yield "invisible_text"
    if page.vertical and not goes_on:
        yield "vertical_text"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sheet without its insets: the tables, then a figure for each of its drawings, without the
    labels at their rims."""

    sheet: Sheet
    insets: tuple[Inset, ...]
    drawings: tuple[Drawing, ...]

    def stands_over(self, line: Line) -> bool:
        """Return whether a line is text that stands over a figure, and no label of it."""
        return any(text.holds(line.box) for drawing in self.drawings for text in drawing.text)


def _drafted(page: Page) -> _Draft:
    tables = tables_of(page)
    drawings = figures_of(page, tables=tables)
    figures = [drawing.box for drawing in drawings]
    taken = [*(table.box for table in tables), *figures]
    text = [line for drawing in drawings for line in drawing.text]
    in_tables = [glyph for table in tables for glyph in inside(page.glyphs, table.box)]
    in_no_table = _without(page.glyphs, in_tables)
    free = outside(in_no_table, figures, text=text)
    words = _without(in_no_table, free) if drawings else []
    insets = [*tables, *_figures(page, figures, words=words)]
    frames = frames_of(page, taken=taken)
    anchors = [one for one in page.anchors if not _is_of_picture(one.box, page, figures)]
    laid = with_drop_caps(with_superscripts(free))
    lines = [
        line for part in parted_by(frames, laid) for line in lines_of(page.number, part, anchors)
    ]
    sheet = Sheet(
        page.number,
        page.width,
        page.height,
        tuple(lines),
        vertical=page.vertical,
        rules=tuple(rules_between(page, taken=taken)),
        frames=frames,
        characters=size_of(glyph.text for glyph in page.glyphs) + sum(page.omitted.values()),
        rotated_texts=page.rotated_texts,
        omitted=Counter(page.omitted)
        + Counter(
            omissions((*laid, *_without(page.glyphs, free)), (*lines, *_inset_lines(page, insets)))
        ),
    )
    return _Draft(sheet, tuple(insets), tuple(drawings))


def _figures(page: Page, boxes: Sequence[Box], *, words: Sequence[Glyph]) -> list[Inset]:
    """The figures with the words in them; what only reaches into one stands in the nearest."""
    rim, *inside = parted_by(boxes, words)
    for glyph in rim:
        nearest = min(range(len(boxes)), key=lambda n: boxes[n].distance(glyph.box))
        inside[nearest].append(glyph)
    return [
        Inset("figure", box, words=tuple(lines_of(page.number, own, ())))
        for box, own in zip(boxes, inside, strict=True)
    ]


def _without(glyphs: Sequence[Glyph], others: Sequence[Glyph]) -> list[Glyph]:
    taken = {id(glyph) for glyph in others}
    return [glyph for glyph in glyphs if id(glyph) not in taken]


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
    _, *labels = parted_by(figures, [line for line in free if not draft.stands_over(line)])
    labelled = {id(line) for group in labels for line in group}
    tables = draft.insets[: len(draft.insets) - len(figures)]
    drawn = [
        replace(inset, box=box, words=(*inset.words, *here))
        for inset, box, here in zip(draft.insets[len(tables) :], figures, labels, strict=True)
    ]
    return replace(
        sheet,
        lines=(
            *(line for line in sheet.lines if id(line) not in labelled),
            *_inset_lines(sheet, (*tables, *drawn)),
        ),
        rules=tuple(
            rule for rule in sheet.rules if not any(figure.holds(rule) for figure in figures)
        ),
    )


def _usual(lines: Sequence[Line]) -> float:
    """The size that half of the text has at most; 0 where there is none."""
    sizes = sorted(line.face.size for line in lines for _ in line.text)
    return sizes[len(sizes) // 2] if sizes else 0.0


def _inset_lines(page: Page | Sheet, insets: Iterable[Inset]) -> list[Line]:
    """Insets take part in the order of reading like lines."""
    face = Face(10, bold=False, family="")
    return [Line(page.number, "", one.box, one.box.bottom, face, inset=one) for one in insets]
