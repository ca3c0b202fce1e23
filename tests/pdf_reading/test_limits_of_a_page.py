"""A page or an outline of any size costs no more than the largest that is taken for honest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from pdf_reading.glyphs.characters import MAX_GLYPHS
from pdf_reading.glyphs.document import MAX_BOOKMARKS, Document
from pdf_reading.glyphs.page import Page
from tests.pdf_reading.nasty import plain, stream

Make = Callable[[bytes], Path]
LETTERS = "abcdefgh"


@pytest.fixture
def written(tmp_path: Path) -> Make:
    def file(content: bytes) -> Path:
        pdf = tmp_path / "issue.pdf"
        pdf.write_bytes(content)
        return pdf

    return file


def first_page(pdf: Path) -> Page:
    with Document(pdf) as document:
        return next(document.pages())


def test_of_a_page_full_of_letters_the_first_are_read(written: Make) -> None:
    rows = (MAX_GLYPHS + 5_000) // len(LETTERS)
    content = b"".join(
        b"BT /F1 1 Tf %d %d Td (%b) Tj ET\n" % (9 + 9 * (n % 50), 9 + n // 50, LETTERS.encode())
        for n in range(rows)
    )
    page = first_page(written(plain(content=stream(content))))
    assert MAX_GLYPHS / 2 < len(page.glyphs) <= MAX_GLYPHS


def test_of_a_page_full_of_drawings_the_first_are_read(written: Make) -> None:
    strokes = b"".join(b"9 %d m 99 %d l S\n" % (n % 800, n % 700) for n in range(20_099))
    page = first_page(written(plain(content=stream(strokes))))
    drawn = len(page.rules) + len(page.shapes) + len(page.frames)
    assert 10_000 < drawn <= 20_000


def test_of_an_outline_without_end_the_first_entries_are_read(written: Make) -> None:
    number = MAX_BOOKMARKS + 9
    entries = [
        b"<</Title(Entry %d)/Parent 6 0 R%b>>" % (n, b"/Next %d 0 R" % (8 + n) * (n + 1 < number))
        for n in range(number)
    ]
    outline = b"<</First 7 0 R/Last %d 0 R/Count %d>>" % (6 + number, number)
    pdf = written(plain(catalog=b"/Outlines 6 0 R", more=(outline, *entries)))
    with Document(pdf) as document:
        found = document.bookmarks()
    assert len(found) == MAX_BOOKMARKS
    assert found[-1].title == f"Entry {MAX_BOOKMARKS - 1}"


def test_a_child_that_crashes_leaves_nothing_of_the_file_behind() -> None:
    ask = (
        "import resource; from pdf_reading.limits import Limits, enforce; enforce(Limits());"
        "print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    command = [sys.executable, "-c", ask]
    assert subprocess.check_output(command, cwd=settings.BASE_DIR, text=True) == "0 0\n"
