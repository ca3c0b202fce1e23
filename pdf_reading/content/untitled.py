"""Text without a headline, and whether it is text at all: a letter is, a masthead is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import is_boilerplate, is_caption, is_contact
from pdf_reading.lexicon.facts import is_imprint, publishes
from pdf_reading.structure.back_matter import is_imprint_block
from pdf_reading.structure.heading_classification import ClassifiedHeading
from pdf_reading.structure.headings import Headline, is_centred
from pdf_reading.structure.level_reasons import LevelReason
from pdf_reading.structure.levels import Level

CONFIDENCE = 0.4
MIN_FULL_WIDTH = 18  # sizes: as wide as a column of text
MAX_IMPRINT_LENGTH = 1_000  # characters
MIN_BODY_LINES = 3  # lines in the type of the text, whatever their words
SENTENCE = re.compile(r"[。！？!?…]|[^\W\d_]{2}[.][”’\"')）]*$|[^\W\d_]{2}\.\s")


def untitled(lines: Sequence[Line], start: int) -> ClassifiedHeading:
    """The empty headline of the text that begins at `start`."""
    first = lines[min(start, len(lines) - 1)]
    nothing = Headline(
        text="",
        page=first.page,
        start=start,
        stop=start,
        face=first.face,
        centred=False,
        tag=0,
        left=first.box.x0,
        top=first.box.top,
    )
    return ClassifiedHeading(nothing, Level.ARTICLE, CONFIDENCE, (LevelReason.NO_HEADLINE,))


def reads_as_text(lines: Sequence[Line], following: Sequence[Line], *, body: Face) -> bool:
    """Return whether lines are running text: a sentence, or several lines in the type of the text.
    Who publishes the issue, its date and its address are none, nor is a page with a copyright that
    stands before those of `following`."""
    candidates = [line for line in lines if not line.inset and not _is_fact(line)]
    sentences = [line for line in candidates if SENTENCE.search(line.text) and not is_centred(line)]
    full = [line for line in candidates if line.box.width > MIN_FULL_WIDTH * line.face.size]
    plain = [line for line in candidates if line.face == body]
    running = bool(sentences and (full or len(candidates) > 1)) or len(plain) >= MIN_BODY_LINES
    return running and not _is_imprint_page(lines, following)


def are_pictures(lines: Sequence[Line]) -> bool:
    """Return whether nothing but pictures and their captions stands here, and at least one is."""
    insets = [line.inset.kind for line in lines if line.inset]
    captions = (is_caption(line.text) for line in lines if not line.inset)
    return bool(insets) and "table" not in insets and all(captions)


def _is_imprint_page(lines: Sequence[Line], following: Sequence[Line]) -> bool:
    texts = [line.text for line in lines]
    if sum(map(len, texts)) > MAX_IMPRINT_LENGTH:
        return False
    alone = bool(following) and all(line.page < following[0].page for line in lines)
    return is_imprint_block(lines) or (alone and any(map(publishes, texts)))


def _is_fact(line: Line) -> bool:
    return (
        is_imprint(line.text)
        or is_boilerplate(line.text)
        or is_contact(line.text)
        or is_caption(line.text)
    )
