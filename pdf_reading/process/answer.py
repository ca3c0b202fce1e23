"""The answer of the child that reads: JSON in the dialect of `issue_text`, so that nothing hostile
is unpickled, and what is no such JSON is recognised."""

from __future__ import annotations

import msgspec

from pdf_reading.issue_text import IssueText
from pdf_reading.limits import ParseFailure


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The issue, or why the file is refused."""

    issue: IssueText | None = None
    refused: ParseFailure | None = None


def encoded(answer: Answer) -> bytes:
    """Return the answer as JSON."""
    return msgspec.json.encode(answer)


def decoded(output: bytes) -> Answer | None:
    """Return the answer again; None for what is none."""
    try:
        return msgspec.json.decode(output, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
