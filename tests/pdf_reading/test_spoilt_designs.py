"""Pages of pictures, clips, frames and narrow columns, spoilt: each is read or refused."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pdf_reading import Limits, UnreadablePdf
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream

VARIANTS = 25  # of each of four designs
ODD = (b"0", b"-1", b"1e9", b"-99999", b"0.0001", b"2147483648", b".", b"")


def over_picture() -> bytes:
    """Text over a ground with waves, and a sketch on it."""
    waves = b"".join(
        b"50 %d m 180 %d 380 %d 530 %d c S " % (y, y + 60, y - 60, y) for y in range(200, 500, 20)
    )
    sketch = b"0.4 g 95 425 m 125 465 l 155 425 l 95 425 l h f "
    return b"0.9 g 50 180 480 640 re f 0 G " + waves + sketch + b"0 g " + HEAD + TEXT


def clipped() -> bytes:
    """Curves far larger than their clip, within a scaled space."""
    clip = b"q 2 0 0 0.5 9 9 cm 30 300 200 120 re W n 90 90 m 300 300 40 500 80 90 c W n "
    return clip + b"0.5 g -900 300 m 900 700 900 1500 -900 300 c f Q 0 g " + HEAD + TEXT


def framed() -> bytes:
    """Frames around text, beside and within each other, with rules between."""
    boxes = b"".join(
        b"0.8 g %d %d 200 90 re B " % (60 + 210 * (n % 2), 300 + 95 * (n // 2)) for n in range(6)
    )
    rules = b"".join(b"60 %d m 480 %d l S " % (y, y) for y in range(300, 600, 45))
    return boxes + rules + b"0 g " + HEAD + TEXT


def narrow() -> bytes:
    """Four columns of three words, closer together than a letter is high."""
    words = b"".join(
        b"BT /F1 8 Tf %d %d Td (Line %d of the weir) Tj ET\n" % (72 + 62 * n, 500 - 9 * row, row)
        for n in range(4)
        for row in range(30)
    )
    return HEAD + words


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """The content with a few numbers changed, or pieces left out or doubled."""
    for _ in range(chance.randint(1, 6)):
        numbers = list(re.finditer(rb"-?\d+(?:\.\d+)?", content))
        if chance.random() < 0.7 and numbers:
            at = chance.choice(numbers)
            content = content[: at.start()] + chance.choice(ODD) + content[at.end() :]
        else:
            start = chance.randrange(len(content))
            piece = content[start : start + chance.randint(1, 40)]
            content = (
                content[:start] + piece * chance.choice((0, 2)) + content[start + len(piece) :]
            )
    return content


@pytest.mark.parametrize("design", [over_picture, clipped, framed, narrow])
def test_spoilt_designs_are_read_or_refused(design: Callable[[], bytes], tmp_path: Path) -> None:
    """In this process, so that an error of our own fails the test, as a crash of pdfium does."""
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(design())))
    assert read(pdf, limits=Limits()).sections
    for seed in range(VARIANTS):
        pdf.write_bytes(plain(content=stream(spoilt(design(), random.Random(seed)))))
        try:
            assert read(pdf, limits=Limits()).page_count == 1
        except UnreadablePdf:
            continue
