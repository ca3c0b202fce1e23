"""The reasons for the level of a heading, and how sure they make of it."""

from __future__ import annotations

from enum import Enum, auto


class LevelReason(Enum):
    """A finding about a heading, or about the article that it heads."""

    SET_IN_TYPE = auto()
    SET_AS_THE_TEXT = auto()
    IN_CONTENTS = auto()
    NOT_IN_CONTENTS = auto()
    IN_OUTLINE = auto()
    NOT_IN_OUTLINE = auto()
    TAGGED = auto()
    NO_HEADLINE = auto()
    NO_HEADLINE_BELOW = auto()
    IN_A_BOX = auto()
    CLOSED_BY_SOURCE = auto()


_WEIGHTS = {
    LevelReason.SET_AS_THE_TEXT: -0.1,
    LevelReason.IN_CONTENTS: 0.25,
    LevelReason.NOT_IN_CONTENTS: -0.1,
    LevelReason.IN_OUTLINE: 0.1,
    LevelReason.NOT_IN_OUTLINE: -0.05,
    LevelReason.TAGGED: 0.1,
}
_UNEXPLAINED = 0.6


def confidence_of(reasons: tuple[LevelReason, ...]) -> float:
    """Return how sure the level of a heading is, from 0.1 to 1."""
    score = _UNEXPLAINED + sum(_WEIGHTS.get(reason, 0.0) for reason in reasons)
    return round(min(max(score, 0.1), 1.0), 2)
