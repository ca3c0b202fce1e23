"""Our reading of a file, and whether it is flagged for review."""

from __future__ import annotations

from pathlib import Path

from pdf_reading import Limits, UnreadablePdf
from pdf_reading.content.confidence import NEEDS_REVIEW
from pdf_reading.issue_text import IssueText
from pdf_reading.pipeline import read


def read_or_refused(pdf: Path) -> tuple[IssueText, bool]:
    """The reading, and whether the editor is told to review it as a whole. A refusal finds nothing,
    and is told."""
    try:
        issue = read(pdf, limits=Limits())
    except UnreadablePdf:
        return IssueText("", "", "", "", page_count=0, sections=()), True
    return issue, any(warning.code == NEEDS_REVIEW for warning in issue.warnings)
