"""The kinds of files that an issue may come in. One more kind is one more entry of KINDS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from document_reading import Format, format_of
from issues.intake import documents, pdf
from pdf_reading.issue_text import IssueText


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file as it was read, and the PDF of its pages; None where it has none."""

    text: IssueText
    pdf: Path | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the suffix under which it is kept, and how to read it. Reading gets the file,
    and a folder in which a PDF may be made of it; it raises `issues.intake.errors.Unreadable`."""

    suffix: str
    read: Callable[[Path, Path], FileText]
    needs_libreoffice: bool = False


def _read_pdf(file: Path, _folder: Path) -> FileText:
    return FileText(pdf.read(file), file)


def _read_as_pdf(format_: Format, file: Path, folder: Path) -> FileText:
    made = folder / "pages.pdf"
    return FileText(documents.read_as_pdf(file, format_, made), made)


def _read_by_library(format_: Format, file: Path, _folder: Path) -> FileText:
    return FileText(documents.read(file, format_), None)


def _read_docx(file: Path, folder: Path) -> FileText:
    """Read a DOCX with its pages where LibreOffice is installed, else its text alone."""
    reads = _read_as_pdf if documents.has_libreoffice() else _read_by_library
    return reads(Format.DOCX, file, folder)


PDF = Kind("pdf", _read_pdf)
DOCX = Kind("docx", _read_docx)
KINDS = {
    Format.DOCX: DOCX,
    **{
        format_: Kind(format_.suffix, partial(_read_as_pdf, format_), needs_libreoffice=True)
        for format_ in (Format.DOC, Format.ODT, Format.RTF)
    },
    **{
        format_: Kind(format_.suffix, partial(_read_by_library, format_))
        for format_ in (Format.TEXT, Format.LOCKED)
    },
}


def kind_of(file: IO[bytes]) -> Kind | None:
    """Return the kind of a file by its content, whatever its name says; None for no kind."""
    file.seek(0)
    if pdf.is_pdf(file.read(pdf.HEADER_WITHIN)):
        return PDF
    format_ = format_of(file)
    return KINDS[format_] if format_ else None


def kind_of_file(path: Path) -> Kind:
    """Return the kind of a stored file. What is of no kind, or not there, is a PDF: reading it
    says why it cannot be read."""
    try:
        with path.open("rb") as file:
            return kind_of(file) or PDF
    except OSError:
        return PDF
