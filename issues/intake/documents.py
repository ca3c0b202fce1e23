"""Documents of word processors, Markdown and text as kinds of intake, within the limits of the
settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

import document_reading
from document_reading import Format, UnreadableDocument
from issues.intake import pdf
from issues.intake.errors import Unreadable
from issues.intake.joining import with_warnings
from pdf_reading import Limits
from pdf_reading.issue_text import IssueText


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
    """Convert a document to the PDF `made`, and read that. Raises Unreadable."""
    try:
        warnings = document_reading.to_pdf(file, format_, made, limits=_limits())
    except UnreadableDocument as error:
        raise Unreadable(error.reason) from error
    return with_warnings(pdf.read(made), warnings)


def _limits() -> Limits:
    return Limits(memory=settings.READING_MEMORY_BYTES, cpu_seconds=settings.READING_SECONDS)
