"""Reading and converting in a subprocess with limits, as `pdf_reading.process` runs it."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from document_reading import libreoffice
from document_reading.answer import Answer, decoded
from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.formats import Format
from pdf_reading.issue_text import IssueText, ParseWarning
from pdf_reading.limits import Limits
from pdf_reading.process.subprocesses import run, was_costly

logger = logging.getLogger(__name__)

# LibreOffice alone maps half a gigabyte; its files are larger than what they become.
LEAST_MEMORY, MOST_OUTPUT = 1 << 30, 256 << 20


def read(file: Path, format_: Format, *, limits: Limits) -> IssueText:
    """Read a document, DOCX or text, by a library. Raises UnreadableDocument."""
    answer = _answer({"file": str(file.resolve()), "format": format_.name}, limits=limits)
    if answer.issue is None:
        raise UnreadableDocument(DocumentFailure.DAMAGED)
    return answer.issue


def to_pdf(file: Path, format_: Format, pdf: Path, *, limits: Limits) -> tuple[ParseWarning, ...]:
    """Convert a document to a tagged PDF by LibreOffice. Costs some seconds and a process of 210
    MB. Returns what was left out. Raises UnreadableDocument."""
    return _converted(file, format_, pdf, limits=limits)


def to_docx(file: Path, format_: Format, docx: Path, *, limits: Limits) -> None:
    """Convert a document to a DOCX by LibreOffice, at the same cost. Raises UnreadableDocument."""
    _converted(file, format_, docx, limits=limits)


def _converted(
    file: Path, format_: Format, made: Path, *, limits: Limits
) -> tuple[ParseWarning, ...]:
    soffice = libreoffice.program()
    if soffice is None:
        raise UnreadableDocument(DocumentFailure.NEEDS_LIBREOFFICE)
    with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
        request = {
            "file": str(file.resolve()),
            "format": format_.name,
            "made": str(made.resolve()),
            "folder": folder,
            "soffice": soffice,
        }
        enough = replace(
            limits, memory=max(limits.memory, LEAST_MEMORY), output=max(limits.output, MOST_OUTPUT)
        )
        return _answer(request, limits=enough, prefix=libreoffice.without_network()).warnings


def _answer(request: dict[str, str], *, limits: Limits, prefix: Sequence[str] = ()) -> Answer:
    """Run the subprocess. Raises UnreadableDocument."""
    words = json.dumps(request)
    code, stderr, output = run("document_reading", words, limits=limits, prefix=prefix)
    answer = decoded(output) if code == 0 else None
    if answer is None:
        if not was_costly(code):
            logger.error("reading a document failed with exit code %d: %s", code, stderr)
        failure = DocumentFailure.TOO_COSTLY if was_costly(code) else DocumentFailure.DAMAGED
        raise UnreadableDocument(failure)
    if answer.refused is not None:
        raise UnreadableDocument(answer.refused)
    return answer
