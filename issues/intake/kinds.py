"""The kinds of files that an issue may come in. One more kind is one more entry of KINDS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from issues.intake import pdf
from pdf_reading.issue_text import IssueText

START = 1024  # bytes of a file by which its kind is recognised


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how to recognise it by its first bytes, whatever its name says; how to read
    it; and how to render a page of it, by its number and at most so many pixels wide, as PNG. Both
    raise `issues.intake.errors.Unreadable`."""

    recognises: Callable[[bytes], bool]
    read: Callable[[Path], IssueText]
    page_image: Callable[[Path, int, int], bytes]


PDF = Kind(recognises=pdf.is_pdf, read=pdf.read, page_image=pdf.page_image)
KINDS = (PDF,)


def kind_of(start: bytes) -> Kind | None:
    """Return the kind of a file that begins so; None for no kind."""
    return next((kind for kind in KINDS if kind.recognises(start)), None)


def kind_of_file(path: Path) -> Kind:
    """Return the kind of a stored file. What is of no kind, or not there, is a PDF: reading it
    says why it cannot be read."""
    try:
        with path.open("rb") as file:
            return kind_of(file.read(START)) or PDF
    except OSError:
        return PDF
