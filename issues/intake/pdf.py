"""A PDF as a kind of intake, within the limits of the settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

import pdf_reading
from issues.intake.errors import Unreadable
from pdf_reading import Limits, UnreadablePdf
from pdf_reading.issue_text import IssueText

# Readers accept junk before the header within so many bytes (ISO 32000-1, annex H, note 13).
HEADER_WITHIN = 1024
IMAGE_CPU_SECONDS, IMAGE_WALL_SECONDS = 20, 40


def is_pdf(start: bytes) -> bool:
    """Return whether a file that begins so is a PDF."""
    return b"%PDF-" in start[:HEADER_WITHIN]


def read(file: Path) -> IssueText:
    """Read a PDF in a child process. Raises Unreadable."""
    limits = Limits(
        memory=settings.READING_MEMORY_BYTES,
        cpu_seconds=settings.READING_SECONDS,
        pages=settings.READING_PAGES,
    )
    try:
        return pdf_reading.parse(file, limits=limits)
    except UnreadablePdf as error:
        raise Unreadable(error.reason) from error


def page_image(file: Path, page: int, width: int) -> bytes:
    """Render a page in a child process, as PNG of at most `width` pixels. Raises Unreadable."""
    limits = Limits(
        memory=settings.READING_MEMORY_BYTES,
        cpu_seconds=IMAGE_CPU_SECONDS,
        wall_seconds=IMAGE_WALL_SECONDS,
        output=16 << 20,
    )
    try:
        return pdf_reading.page_image(file, page=page, width=width, limits=limits)
    except UnreadablePdf as error:
        raise Unreadable(error.reason) from error
