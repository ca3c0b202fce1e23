"""The reasons why an act cannot be done."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """The reason, for whoever puts it into words."""

    NOTHING_ABOVE = "nothing_above"
    NOTHING_BELOW = "nothing_below"
    NOT_ALIKE = "not_alike"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    NOTHING_CHANGED = "nothing_changed"
    PUBLISHED = "published"
    SIGNED = "signed"


class ActRefused(Exception):
    """An act that cannot be done, and changes nothing."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal
