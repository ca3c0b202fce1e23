"""The answer of the child that reads: JSON in the dialect of `issue_text`."""

from __future__ import annotations

import msgspec

from document_reading.failures import DocumentFailure
from pdf_reading.issue_text import IssueText, ParseWarning


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The issue where it was read by a library, why the document is refused, or what was left out
    of its PDF."""

    issue: IssueText | None = None
    refused: DocumentFailure | None = None
    warnings: tuple[ParseWarning, ...] = ()


def encoded(answer: Answer) -> bytes:
    """Return the answer as JSON."""
    return msgspec.json.encode(answer)


def decoded(output: bytes) -> Answer | None:
    """Return the answer again; None for what is none."""
    try:
        return msgspec.json.decode(output, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
