"""PDF to `IssueText`: `parse(pdf)` reads in a child process, so that a hostile file costs the
reading and never the caller."""

from digests.parsing.child import parse, picture
from digests.parsing.limits import Limits, Reason, UnreadablePdf

__all__ = ["Limits", "Reason", "UnreadablePdf", "parse", "picture"]
