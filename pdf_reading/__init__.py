"""PDF to `IssueText`: `parse(pdf)` reads in a child process, so that a hostile file costs the
reading and never the caller."""

from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.process.child import page_image, parse

__all__ = ["Limits", "ParseFailure", "UnreadablePdf", "page_image", "parse"]
