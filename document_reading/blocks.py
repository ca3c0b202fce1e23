"""The blocks of a document in order, from the HTML that Markdown and DOCX are turned into.

It is HTML that our libraries wrote, not a stranger's; what a stranger wrote stands in it as text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from msgspec import structs

from document_reading.pieces import LINE, Piece, RichText, lines, nodes, pieces, text_of, tree_of
from document_reading.tables import grid_of
from pdf_reading.content.printed_links import with_printed
from pdf_reading.issue_text import (
    Figure,
    Link,
    Listing,
    Paragraph,
    Passage,
    Place,
    Quotation,
    Table,
)

NOWHERE = Place(0, 0, 0, 0, 0)  # a document has no pages
TITLE, BOLD = 0, 9  # levels beside those of headings, 1 to 6
MAX_BOLD = 60  # characters of a paragraph in bold that is a heading
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul", "ol"}
BLOCKS = {"p", "pre", "blockquote", "div", "table", "hr", *LISTS, *HEADINGS}
_SENTENCE_END = re.compile(r"[。．.，,；;：:！!？?…][”’」』）)\"']*$")


@dataclass(frozen=True, slots=True)
class Title:
    """A heading of the document: its level, and what it says."""

    level: int
    text: str
    links: tuple[Link, ...] = ()


Block = Title | Passage


def blocks_of_html(html: str, *, pictures: Mapping[str, bytes] | None = None) -> list[Block]:
    """Return the blocks; `pictures` are the PNGs that `src` of the images names."""
    return list(_with_captions(_Reader(pictures or {}).blocks(tree_of(html))))


def paragraph(run: Iterable[Piece]) -> Paragraph | None:
    """Return the paragraph that a line makes; None for an empty one."""
    words = text_of(run)
    made = with_printed(Paragraph(words.text, 0, words.links, words.marks))
    return made if isinstance(made, Paragraph) and words.text else None


@dataclass(frozen=True, slots=True)
class _Caption:
    """A paragraph that is the caption of the picture before it."""

    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class _Reader:
    pictures: Mapping[str, bytes]

    def blocks(self, element: Element) -> Iterator[Block | _Caption]:
        """Yield the blocks of what stands in an element."""
        loose: list[Piece] = []  # text that is in no block of its own
        for node in nodes(element):
            if isinstance(node, Element) and node.tag in BLOCKS:
                yield from self._text(loose)
                loose = []
                yield from self._block(node)
            else:
                loose += pieces(node)
        yield from self._text(loose)

    def _block(self, element: Element) -> Iterator[Block | _Caption]:
        if element.tag in HEADINGS:
            yield from self._heading(element)
        elif element.tag in LISTS:
            yield from self._list(element)
        elif element.tag == "table":
            yield from self._table(element)
        elif element.tag == "pre":
            code = (replace(one, text=one.text.replace("\n", LINE)) for one in pieces(element))
            yield from self._text(code)
        elif element.tag == "p":
            yield from self._paragraph(element)
        elif element.tag == "blockquote":
            yield from map(_quoted, self.blocks(element))
        else:
            yield from self.blocks(element)

    def _heading(self, element: Element) -> Iterator[Block]:
        run = [replace(one, text=one.text.replace(LINE, " ")) for one in pieces(element)]
        level = TITLE if element.get("class") == "title" else HEADINGS[element.tag]
        words = text_of(one for one in run if one.src not in self.pictures)
        if words.text:
            yield Title(level, words.text, words.links)
        yield from self._text(one for one in run if one.src in self.pictures)

    def _paragraph(self, element: Element) -> Iterator[Block | _Caption]:
        """Yield what a paragraph holds; a short line, all of it bold, is a heading."""
        run = list(pieces(element))
        whole = paragraph(run)
        if whole and element.get("class") == "caption":
            yield _Caption(whole)
        elif whole and self._is_heading(run, whole.text):
            yield Title(BOLD, whole.text, whole.links)
        else:
            yield from self._text(run)

    def _is_heading(self, run: Iterable[Piece], text: str) -> bool:
        if len(text) > MAX_BOLD or _SENTENCE_END.search(text):
            return False
        return all(
            piece.bold and LINE not in piece.text and piece.src not in self.pictures
            for piece in run
            if piece.text.strip() or piece.src
        )

    def _text(self, run: Iterable[Piece]) -> Iterator[Block]:
        """Yield a paragraph for each line, and the pictures between them."""
        for line in lines(run):
            before: list[Piece] = []
            for piece in line:
                if piece.src in self.pictures:
                    yield from filter(None, [paragraph(before)])
                    before = []
                    yield Figure("", 0, NOWHERE, self.pictures[piece.src])
                else:
                    before.append(piece)
            yield from filter(None, [paragraph(before)])

    def _list(self, element: Element) -> Iterator[Block]:
        """Yield a list, with the entries of those inside of it, and behind it its pictures."""
        entries = [words for run in _entries(element) if (words := text_of(run)).text]
        if entries:
            whole = _together(entries)
            texts = tuple(one.text for one in entries)
            yield with_printed(Listing(0, texts, whole.links, whole.marks))
        yield from self._pictures(element)

    def _table(self, element: Element) -> Iterator[Block | _Caption]:
        """Yield a table, and behind it its pictures; one of a single cell is a frame around its
        blocks."""
        grid = grid_of(element)
        if len(grid.rows) == 1 and len(grid.rows[0]) == 1:
            yield from self.blocks(grid.rows[0][0])
        elif grid.rows:
            cells = [_cell(cell) for row in grid.rows for cell in row]
            texts, width = [one.text for one in cells], len(grid.rows[0])
            rows = tuple(tuple(texts[n : n + width]) for n in range(0, len(texts), width))
            whole = _together(cells, before=1)
            yield with_printed(Table("", 0, rows, grid.header, whole.links, whole.marks))
            yield from self._pictures(element)

    def _pictures(self, element: Element) -> Iterator[Figure]:
        for image in element.iter("img"):
            if (name := image.get("src", "")) in self.pictures:
                yield Figure("", 0, NOWHERE, self.pictures[name])


def _entries(element: Element, *, depth: int = 0) -> Iterator[list[Piece]]:
    """Yield what each entry of a list says, with its number; one of a list in a list has a dash."""
    start = element.get("start", "")
    number = int(start) if start.isdecimal() else 1
    for item in element.findall("li"):
        mark = f"{number}. " if element.tag == "ol" else "– " if depth else ""
        number += 1
        inner = [child for child in item if child.tag in LISTS]
        yield [Piece(mark), *map(_in_line, _flat(item, leave_out=LISTS))]
        for one in inner:
            yield from _entries(one, depth=depth + 1)


def _quoted(block: Block | _Caption) -> Block | _Caption:
    """Return a paragraph of a quotation as one; what else stands in it is as it is."""
    if isinstance(block, Paragraph):
        return Quotation(block.text, block.page, block.links, block.marks)
    return block


def _cell(cell: Element) -> RichText:
    """Return the text of a cell, each of its paragraphs on a line of its own."""
    whole = RichText()
    for line in lines(_flat(cell)):
        words = text_of(line)
        if words.text and whole.text:
            words = words.moved(by=len(whole.text) + 1)
            words = replace(words, text=f"{whole.text}\n{words.text}")
        if words.text:
            links, marks = (*whole.links, *words.links), (*whole.marks, *words.marks)
            whole = RichText(words.text, links, marks)
    return whole


def _flat(element: Element, *, leave_out: Container[str] = ()) -> Iterator[Piece]:
    """Yield all text that stands in an element, each of its blocks on lines of its own."""
    for node in nodes(element):
        if isinstance(node, str) or node.tag not in BLOCKS | {"li", "tr", "td", "th"}:
            yield from (replace(piece, src="") for piece in pieces(node))
        elif node.tag not in leave_out:
            yield Piece(LINE)
            yield from _flat(node)
            yield Piece(LINE)


def _together(texts: Iterable[RichText], *, before: int = 0) -> RichText:
    """Return the links and marks of the texts of a passage, of which `before` have none."""
    parts = [text.in_part(part) for part, text in enumerate(texts, start=before)]
    links = tuple(link for text in parts for link in text.links)
    return RichText("", links, tuple(mark for text in parts for mark in text.marks))


def _in_line(piece: Piece) -> Piece:
    return replace(piece, text=piece.text.replace(LINE, " "))


def _with_captions(blocks: Iterable[Block | _Caption]) -> Iterator[Block]:
    """Yield the blocks, each picture with the caption behind it."""
    figure: Figure | None = None
    for block in blocks:
        if figure is not None and isinstance(block, _Caption):
            yield structs.replace(figure, caption=block.paragraph.text, links=block.paragraph.links)
            figure = None
            continue
        if figure is not None:
            yield figure
        shown = block.paragraph if isinstance(block, _Caption) else block
        figure = shown if isinstance(shown, Figure) else None
        if figure is None:
            yield shown
    if figure is not None:
        yield figure
