"""Tags of headings, and whether they are believed: people who write with Word, or paste from a
page of the web, give styles to a few of their headlines and set the others by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pdf_reading.structure.headings import Headline, like
from pdf_reading.structure.looks import LARGER, PROSE, is_title, reach_of

MIN_ASTRAY = 3  # headings without a tag
MIN_SHARE = 0.75  # of as many as have one


def with_believed_tags(headlines: Sequence[Headline]) -> list[Headline]:
    """The headings, without their tags where these leave out as many headlines as they mark."""
    tagged = [head for head in headlines if head.tag]
    untagged = [head for head in headlines if not head.tag]
    astray = sum(_looks_tagged(head, tagged, headlines) for head in untagged)
    if astray < max(MIN_ASTRAY, MIN_SHARE * len(tagged)):
        return list(headlines)
    return [replace(head, tag=0) for head in headlines]


def _looks_tagged(
    head: Headline, tagged: Sequence[Headline], headlines: Sequence[Headline]
) -> bool:
    """Whether a heading heads text as a title, in the type of tagged ones or larger."""
    if head.quoted or head.plain or not is_title(head.text) or reach_of(head, headlines) < PROSE:
        return False
    return any(
        like(head.face, other.face) or (head.scale >= LARGER and head.face.size >= other.face.size)
        for other in tagged
    )
