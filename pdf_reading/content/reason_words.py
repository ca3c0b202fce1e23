"""The words of the reasons for which a heading has its level, as the result has them."""

from __future__ import annotations

from collections.abc import Iterable

from pdf_reading.structure.headings import Headline
from pdf_reading.structure.level_reasons import LevelReason

_WORDS = {
    LevelReason.SET_IN_TYPE: "set in {type}",
    LevelReason.SET_AS_THE_TEXT: "set as the text is",
    LevelReason.IN_CONTENTS: "listed in the contents",
    LevelReason.NOT_IN_CONTENTS: "not in the contents",
    LevelReason.IN_OUTLINE: "in the outline",
    LevelReason.NOT_IN_OUTLINE: "not in the outline",
    LevelReason.TAGGED: "tagged H{tag}",
    LevelReason.NO_HEADLINE: "text without a headline",
    LevelReason.NO_HEADLINE_BELOW: "no headline below",
    LevelReason.IN_A_BOX: "in a box of its own",
    LevelReason.CLOSED_BY_SOURCE: "closed by a source line",
}


def in_words(reasons: Iterable[LevelReason], head: Headline) -> tuple[str, ...]:
    """Return what each reason says of a heading."""
    named = {"type": f"{head.face.size:g} pt{' bold' * head.face.bold}", "tag": head.tag}
    return tuple(_WORDS[reason].format_map(named) for reason in reasons)
