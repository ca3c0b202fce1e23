"""A link is at the words under its annotation: there, whole, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pdf_reading import parse
from pdf_reading.content import printed_links
from pdf_reading.issue_text import ArticleText, Link, Table
from tests.pdf_reading.nasty import HEAD, plain, stream
from tests.pdf_reading.test_thresholds import line

Rect = tuple[float, float, float, float]
Page = Callable[..., ArticleText]

LINES = (
    "The robot met a robot, and an international robot came to",
    "see the robots of https://example.org/harbour with us, on the inter-",
    "national day. Nobody said that the ARM of the robot was a",
    "robot, and so the day ended. It was the last of such days.",
)
URL = "https://example.org/%s"


def typeset(lines: Sequence[str]) -> bytes:
    return HEAD + b"".join(
        f"BT /F1 11 Tf 72 {700 - 14 * n} Td ({line}) Tj ET\n".encode()
        for n, line in enumerate(lines)
    )


def annotated(content: bytes, *annotations: tuple[Sequence[Rect], str]) -> bytes:
    """A page with links. Several rectangles are the quadrilaterals of one annotation."""
    marks = b""
    for rects, url in annotations:
        left, bottom = min(r[0] for r in rects), min(r[1] for r in rects)
        right, top = max(r[2] for r in rects), max(r[3] for r in rects)
        quads = " ".join(f"{x0} {y1} {x1} {y1} {x0} {y0} {x1} {y0}" for x0, y0, x1, y1 in rects)
        quads = f"/QuadPoints[{quads}]" if len(rects) > 1 else ""
        marks += (
            f"<</Type/Annot/Subtype/Link/Rect[{left} {bottom} {right} {top}]{quads}"
            f"/A<</S/URI/URI({url})>>>>"
        ).encode()
    return plain(content=stream(content), page=b"/Annots[%b]" % marks)


def place(content: bytes, words: str, *, nth: int = 0) -> Rect:
    """Where words are printed."""
    with pdfium.PdfDocument(plain(content=stream(content))) as document:
        text = document[0].get_textpage()
        found = text.search(words, match_case=True)
        for _ in range(nth + 1):
            start, count = found.get_next()
        boxes = [text.get_charbox(start + n, loose=True) for n in range(count)]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], ArticleText]:
    def article(content: bytes) -> ArticleText:
        file = tmp_path / "issue.pdf"
        file.write_bytes(content)
        return parse(file).sections[0].articles[0]

    return article


def linked(article: ArticleText) -> list[tuple[str, str, str]]:
    """Each link as the words before it, its words, and its address."""
    return [
        (text[: link.start].split(" ")[-2] if link.start else "", words, link.url)
        for passage in article.passages
        for link in passage.links
        if (text := passage.texts[link.part])
        and (words := text[link.start : link.stop])
        and not link.url.endswith("harbour")
    ]


CONTENT = typeset(LINES)


def test_each_of_like_words_leads_to_its_own_address(read: Page) -> None:
    third, last = place(CONTENT, "robot", nth=2), place(CONTENT, "robot", nth=4)
    article = read(annotated(CONTENT, ([third], URL % 3), ([last], URL % 5)))
    assert linked(article) == [
        ("international", "robot", URL % 3),
        ("the", "robot", URL % 5),
    ]


def test_a_neighbours_letter_under_the_rim_is_no_part_of_a_link(read: Page) -> None:
    left, bottom, right, top = place(CONTENT, "an ")
    article = read(annotated(CONTENT, ([(left - 9, bottom, right + 4, top)], URL % 1)))
    assert linked(article) == [("and", "an", URL % 1)]


@pytest.mark.parametrize("by", [-4.0, -1.0, 1.0, 3.0])
def test_a_link_is_over_whole_words_where_its_sides_are_rounded(read: Page, by: float) -> None:
    left, bottom, right, top = place(CONTENT, "international")
    article = read(annotated(CONTENT, ([(left - by, bottom, right + by, top)], URL % 1)))
    assert linked(article) == [("an", "international", URL % 1)]


def test_a_link_on_a_part_of_a_word_is_on_all_of_it(read: Page) -> None:
    article = read(annotated(CONTENT, ([place(CONTENT, "AR")], URL % 1)))
    assert linked(article) == [("the", "ARM", URL % 1)]


@pytest.mark.parametrize(("covered", "words"), [(4, "outer harbour"), (3, "outer")])
def test_a_word_of_which_half_is_covered_is_part_of_a_link(covered: int, words: str) -> None:
    text = "The outer harbour wall"
    under = Link(0, 4, text.index("harbour") + covered, URL % 1)
    (link,) = printed_links.linked(text, [replace(line(text, y=100), links=(under,))])
    assert text[link.start : link.stop] == words


def test_a_word_that_a_line_breaks_is_linked_whole(read: Page) -> None:
    article = read(annotated(CONTENT, ([place(CONTENT, "inter", nth=1)], URL % 1)))
    assert [words for _, words, _ in linked(article)] == ["international"]


def test_a_link_over_two_lines_is_one(read: Page) -> None:
    ends, begins = place(CONTENT, "robot was a"), place(CONTENT, "robot", nth=5)
    apart = annotated(CONTENT, ([ends], URL % 1), ([begins], URL % 1))
    assert linked(read(apart)) == [("the", "robot was a robot", URL % 1)]
    assert linked(read(annotated(CONTENT, ([ends, begins], URL % 1)))) == linked(read(apart))


def test_a_printed_address_leads_on_a_whole_where_its_annotation_does(read: Page) -> None:
    part = place(CONTENT, "example.org")
    article = read(annotated(CONTENT, ([part], "https://example.org/harbour?from=print")))
    (link,) = article.links
    assert article.passages[0].texts[0][link.start : link.stop] == "https://example.org/harbour"
    assert link.url == "https://example.org/harbour?from=print"


def test_the_link_of_a_picture_is_none_of_the_words_beside_it(read: Page) -> None:
    image = b"q 200 0 0 60 72 640 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n"
    beside = (70.0, 636.0, 274.0, 711.0)  # reaches into the line above the picture
    lines = typeset((*LINES[:1], *[""] * 5, *LINES[3:]))
    assert linked(read(annotated(image + lines, ([beside], URL % 1)))) == []


def test_the_cells_of_a_table_have_links(read: Page) -> None:
    rules = b"".join(b"72 %d m 400 %d l S\n" % (y, y) for y in (620, 600, 580, 560)) + b"".join(
        b"%d 560 m %d 620 l S\n" % (x, x) for x in (72, 236, 400)
    )
    words = (("Port", "Boats"), ("North", "robot"), ("South", "robot"))
    cells = "".join(
        f"BT /F1 11 Tf {78 + 164 * column} {606 - 20 * row} Td ({word}) Tj ET\n"
        for row, line in enumerate(words)
        for column, word in enumerate(line)
    ).encode()
    content = typeset((*LINES[:1], *LINES[2:])) + rules + cells
    under = place(content, "robot", nth=6)
    article = read(annotated(content, ([under], URL % 1)))
    (table,) = (one for one in article.passages if isinstance(one, Table))
    (link,) = table.links
    assert (link.part, table.texts[link.part], link.url) == (6, "robot", URL % 1)


def test_an_address_without_an_annotation_is_a_link_wherever_it_stands(read: Page) -> None:
    lines = ("See www.example.org and write to us@example.org, or see", "www.example.org again.")
    links = linked(read(plain(content=stream(typeset(lines)))))
    assert [(words, url) for _, words, url in links] == [
        ("www.example.org", "https://www.example.org"),
        ("us@example.org", "mailto:us@example.org"),
        ("www.example.org", "https://www.example.org"),
    ]
