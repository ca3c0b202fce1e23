"""Documents of word processors, Markdown and text as kinds of intake, within the limits of the
settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

import document_reading
from document_reading import Format, UnreadableDocument
from issues.intake import pdf
from issues.intake.errors import Unreadable
from issues.intake.joining import with_warnings
from pdf_reading import Limits
from pdf_reading.issue_text import IssueText

LEAST_SECONDS = 20  # LibreOffice alone starts for some of them


def has_libreoffice() -> bool:
    """Return whether documents can be converted on this machine."""
    return document_reading.is_installed()


def read(file: Path, format_: Format) -> IssueText:
    """Read a document by a library, in a child process. Raises Unreadable."""
    try:
        return document_reading.read(file, format_, limits=_limits())
    except UnreadableDocument as error:
        raise Unreadable(error.reason) from error


def read_as_pdf(file: Path, format_: Format, made: Path) -> IssueText:
    """Convert a document to the PDF `made`, and read that, with what is bold and italic in the
    document, and what is its headline. Raises Unreadable."""
    try:
        warnings = document_reading.to_pdf(file, format_, made, limits=_limits())
    except UnreadableDocument as error:
        raise Unreadable(error.reason) from error
    read_text = with_warnings(pdf.read(made), warnings)
    by_library = _by_library(file, format_, made.with_suffix(".docx"))
    headed = document_reading.with_headline(read_text, by_library)
    return document_reading.with_emphasis(headed, by_library) if by_library else headed


def _by_library(file: Path, format_: Format, made: Path) -> IssueText | None:
    """Return a document as the library reads it, which sees what is bold and italic; None where it
    cannot within a tenth of what reading may cost: then it is without them."""
    little = max(LEAST_SECONDS, settings.READING_SECONDS // 10)
    limits = replace(_limits(), cpu_seconds=little, wall_seconds=2 * little)
    try:
        if format_ is not Format.DOCX:
            document_reading.to_docx(file, format_, made, limits=limits)
        source = file if format_ is Format.DOCX else made
        return document_reading.read(source, Format.DOCX, limits=limits)
    except UnreadableDocument:
        return None


def _limits() -> Limits:
    return Limits(memory=settings.READING_MEMORY_BYTES, cpu_seconds=settings.READING_SECONDS)
