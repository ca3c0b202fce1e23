"""Passages as templates show them: kinds, runs of words with their links, sizes of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.core.files.storage import default_storage
from PIL import Image

from issues.models import Article, Issue
from issues.models.issue import figure_path
from pdf_reading.issue_text import (
    Heading,
    Listing,
    Paragraph,
    Quotation,
    StoredFigure,
    StoredPassage,
    Table,
)
from pdf_reading.linking import Run, rich_texts, runs

MARK = re.compile(r"[^\w\s“‘\"'《「]|[（(]?(?:\d+|[a-zA-Z]|[一二三四五六七八九十]+)[.)）、．:：]")


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as its template shows it, its texts as runs with their links made live.

    `words` are the text, or the caption, and `plain_words` the same as a string. `alternative`
    says what a picture shows; `width` and `height` are in pixels, 0 where nobody looked. A list is
    `marked` when its entries keep the marks or numbers that they were printed with.
    """

    kind: str
    page: int
    words: tuple[Run, ...] = ()
    plain_words: str = ""
    entries: Sequence[tuple[Run, ...]] = ()
    marked: bool = False
    image: str = ""
    alternative: str = ""
    width: int = 0
    height: int = 0
    rows: Sequence[Sequence[tuple[Run, ...]]] = ()
    header: bool = False


def of_article(article: Article, *, issue: Issue) -> Iterator[ShownPassage]:
    """Yield the passages of an article as they are shown, with the sizes of its pictures, so that
    the text does not jump when they come."""
    for passage in map(shown, article.passages):
        if passage.image:
            width, height = _size(figure_path(issue, passage.image))
            yield replace(passage, width=width, height=height)
        else:
            yield passage


def shown(passage: StoredPassage) -> ShownPassage:
    """Return a passage as it is shown."""
    texts = [runs(one.text, one.links, one.marks) for one in rich_texts(passage)]
    page = passage.page
    match passage:
        case Paragraph(text=text):
            return ShownPassage("paragraph", page, texts[0], text)
        case Heading(text=text):
            return ShownPassage("heading", page, texts[0], text)
        case Quotation(text=text):
            return ShownPassage("quotation", page, texts[0], text)
        case Listing(entries=entries):
            marked = all(MARK.match(entry) for entry in entries)
            return ShownPassage("list", page, entries=texts, marked=marked)
        case StoredFigure(caption=caption, image=image, alternative=words):
            return ShownPassage("figure", page, texts[0], caption, image=image, alternative=words)
        case Table(caption=caption, header=header):
            cells = iter(texts[1:])
            rows = [[next(cells) for _ in row] for row in passage.rows]
            return ShownPassage("table", page, texts[0], caption, rows=rows, header=header)


def _size(path: str) -> tuple[int, int]:
    """Return width and height of a picture; 0 and 0 where there is none that can be read."""
    try:
        return _read_size(path)
    except (OSError, Image.DecompressionBombError):
        return 0, 0


@lru_cache(maxsize=4096)
def _read_size(path: str) -> tuple[int, int]:
    """Read the head of a picture, whose name says what is in it: it never changes."""
    with default_storage.open(path) as file, Image.open(file) as picture:
        return picture.size
