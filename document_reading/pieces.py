"""The pieces of running text in HTML, and the text with its links and marks that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TypeVar
from xml.etree.ElementTree import Element, TreeBuilder

from msgspec import structs

from pdf_reading.addresses import safe
from pdf_reading.issue_text import Emphasis, Link, Mark

LINE = "\u2028"  # ends a line inside of a paragraph
VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr"}
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
_WRAP = re.compile(rf"(?<={_CJK})[ \t]*\n[ \t]*(?={_CJK})")  # a line's end, and no blank
_BACK = "↑"  # from a footnote to where it stands in the text

Span = TypeVar("Span", Link, Mark)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or a picture by the name `src`, with its words."""

    text: str = ""
    url: str = ""
    bold: bool = False
    italic: bool = False
    src: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """A text with its links and marks."""

    text: str = ""
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()

    def moved(self, *, by: int) -> RichText:
        """Return it as the end of a text that has so many characters before it."""
        return replace(
            self,
            links=tuple(_moved(one, by=by) for one in self.links),
            marks=tuple(_moved(one, by=by) for one in self.marks),
        )

    def in_part(self, part: int) -> RichText:
        """Return it as one of several texts."""
        return replace(
            self,
            links=tuple(structs.replace(one, part=part) for one in self.links),
            marks=tuple(structs.replace(one, part=part) for one in self.marks),
        )


def tree_of(html: str) -> Element:
    """Return the tree of elements, which stand in one `body`. Tags that are not closed end with
    what they stand in."""
    parser = _Parser()
    parser.feed(f"<body>{html}</body>")
    parser.close()
    return parser.tree()


def nodes(element: Element) -> Iterator[Element | str]:
    """Yield what stands in an element: texts and elements, in order."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def pieces(node: Element | str, inside: Piece = Piece()) -> Iterator[Piece]:
    """Yield the pieces of a text or an element; `inside` says what holds for all of them."""
    if isinstance(node, str):
        yield replace(inside, text=node)
    elif node.tag == "br":
        yield Piece(LINE)
    elif node.tag == "img":
        # Nothing is fetched: what is no picture of the document is its words.
        yield replace(inside, text=node.get("alt", ""), src=node.get("src", ""))
    elif not _leads_back(node):
        if node.tag == "a":
            inside = replace(inside, url=node.get("href", ""))
        if node.tag in {"strong", "b"}:
            inside = replace(inside, bold=True)
        if node.tag in {"em", "i"}:
            inside = replace(inside, italic=True)
        for child in nodes(node):
            yield from pieces(child, inside)


def lines(run: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces line by line."""
    line: list[Piece] = []
    for piece in run:
        first, *others = piece.text.split(LINE)
        line.append(replace(piece, text=first))
        for text in others:
            yield line
            line = [replace(piece, text=text, src="")]
    yield line


def text_of(run: Iterable[Piece]) -> RichText:
    """Return the text of a line, each white space one blank, with its links and marks."""
    text = ""
    links: list[Link] = []
    marks: list[Mark] = []
    for piece in run:
        words = re.sub(r"\s+", " ", _WRAP.sub("", piece.text))
        if not text or text.endswith(" "):
            words = words.lstrip()
        start = len(text) + len(words) - len(words.lstrip())
        stop = len(text) + len(words.rstrip())
        if start < stop:
            if piece.url and safe(piece.url):
                links.append(Link(0, start, stop, piece.url))
            marks += (Mark(0, start, stop, kind) for kind in _emphasis(piece))
        text += words
    kinds = ([one for one in marks if one.kind is kind] for kind in Emphasis)
    return RichText(
        text.rstrip(),
        _together(links),
        tuple(one for of_kind in kinds for one in _together(of_kind)),
    )


def _emphasis(piece: Piece) -> Iterator[Emphasis]:
    if piece.bold:
        yield Emphasis.BOLD
    if piece.italic:
        yield Emphasis.ITALIC


def _together(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans, those that go on as the one before them as one with it."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        alike = last and structs.replace(last, start=span.start, stop=span.stop) == span
        if last and alike and span.start - last.stop <= 1:
            found[-1] = structs.replace(last, stop=span.stop)
        else:
            found.append(span)
    return tuple(found)


def _moved(span: Span, *, by: int) -> Span:
    return structs.replace(span, start=span.start + by, stop=span.stop + by)


def _leads_back(node: Element) -> bool:
    return node.tag == "a" and node.get("href", "").startswith("#") and node.text == _BACK


class _Parser(HTMLParser):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = TreeBuilder()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._builder.end(tag)
        else:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            last = self._open.pop()
            self._builder.end(last)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self._builder.data(data)

    def tree(self) -> Element:
        while self._open:
            self._builder.end(self._open.pop())
        return self._builder.close()
