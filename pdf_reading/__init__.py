"""PDF to `IssueText`: `parse(pdf)` reads in a subprocess, so that a hostile file costs the
reading and never the caller. `pipeline` has the stages."""

from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.process.subprocesses import page_image, parse

__all__ = ["Limits", "ParseFailure", "UnreadablePdf", "page_image", "parse"]
