"""Errors that say why a file makes no issue."""

from __future__ import annotations


class Unreadable(Exception):
    """The file, or a page of it, cannot be read; `reason` is a stable word for why, which
    `issues.parse_messages` puts into a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
