"""The subprocess that reads or converts: `python -m document_reading REQUEST LIMITS`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from document_reading.answer import Answer, encoded
from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.formats import Format
from pdf_reading.issue_text import ParseWarning
from pdf_reading.limits import Limits, enforce


def main() -> None:
    """Print the answer."""
    request, limits = json.loads(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    enforce(limits)
    try:
        answer = _converted(request) if "made" in request else _read(request)
    except UnreadableDocument as refusal:
        answer = Answer(refused=refusal.reason)
    except (MemoryError, RecursionError):
        answer = Answer(refused=DocumentFailure.TOO_COSTLY)
    sys.stdout.buffer.write(encoded(answer))


def _converted(request: Mapping[str, str]) -> Answer:
    from document_reading import libreoffice

    file, format_, folder = _file(request), Format[request["format"]], Path(request["folder"])
    warnings = _checked(file, format_)
    made, soffice = Path(request["made"]), request["soffice"]
    if made.suffix == ".pdf":
        file, format_ = _accepted(file, format_, folder=folder, soffice=soffice)
    converted = libreoffice.convert(file, format_, folder=folder, soffice=soffice, into=made.suffix)
    shutil.move(converted, made)
    return Answer(warnings=warnings)


def _accepted(file: Path, format_: Format, *, folder: Path, soffice: str) -> tuple[Path, Format]:
    """Return a document with its changes accepted; itself, where none were tracked. Raises
    UnreadableDocument."""
    from document_reading import changes, libreoffice

    package, kind = file, format_
    if format_ in {Format.DOC, Format.RTF}:
        if not changes.may_be_in(file, format_):
            return file, format_
        first = folder / "tracked"
        first.mkdir()
        package = libreoffice.convert(file, format_, folder=first, soffice=soffice, into=".docx")
        kind = Format.DOCX
    made = folder / "accepted"
    return (made, kind) if changes.accept(package, kind, made) else (file, format_)


def _read(request: Mapping[str, str]) -> Answer:
    from document_reading.articles import issue_of
    from document_reading.docx import blocks_of_docx
    from document_reading.text import blocks_of_text

    file, format_ = _file(request), Format[request["format"]]
    warnings = _checked(file, format_)
    blocks = blocks_of_docx(file) if format_ is Format.DOCX else blocks_of_text(file)
    return Answer(issue=issue_of(blocks, warnings=warnings))


def _file(request: Mapping[str, str]) -> Path:
    return Path(request["file"])


def _checked(file: Path, format_: Format) -> tuple[ParseWarning, ...]:
    """Return what of the file is left out. Raises UnreadableDocument."""
    from document_reading import packages

    if format_ is Format.LOCKED:
        raise UnreadableDocument(DocumentFailure.ENCRYPTED)
    macros = format_ in {Format.DOCX, Format.ODT} and packages.check(file)
    return (ParseWarning("macros_left_out", 0),) if macros else ()


if __name__ == "__main__":
    main()
