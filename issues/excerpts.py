"""The excerpts of articles that a mail shows: leads, subjects, reading times. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from math import ceil

from mail.messages.text_wrapping import columns
from pdf_reading.issue_text import Listing, Paragraph, StoredFigure, StoredPassage
from pdf_reading.linking import Linked, Run, linked_texts, placed, runs

SUBJECT = 60  # columns that most lists of mail show: 30 Chinese characters
PREHEADER = 110
LEAD = 240  # columns: 120 Chinese characters or 240 Latin ones
_ENOUGH = 100  # columns of a first paragraph that need no second
_A_MINUTE = 760  # columns that an adult reads: 380 Chinese characters, or some 130 English words

_SENTENCE = re.compile(r"[。！？!?…][”’」』）)\"']*|\.[”’\"')\]]*(?=\s|$)")
_PAUSE = re.compile(r"[，；、,;:：]|\s")


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


def lead(passages: Iterable[StoredPassage], *, width: int = LEAD) -> tuple[Run, ...]:
    """Return the beginning of an article, of at most `width` columns, with its links; nothing for
    one without text.

    A short first paragraph is followed by the next. Where it must be cut, that is done at the
    end of a sentence if there is one.
    """
    text, pieces = "", []
    for words, links in _running_text(passages):
        paragraph = one_line(words)
        space = " " if text and text[-1].isascii() else ""
        text = f"{text}{space}{paragraph}"
        pieces.append((words, links))
        if columns(text) >= _ENOUGH:
            break
    text = cut(text, width=width)
    return runs(text, placed(text, pieces))


def caption(figure: StoredFigure) -> tuple[Run, ...]:
    """Return the caption of a figure on one line, with its links."""
    text = one_line(figure.caption)
    return runs(text, placed(text, linked_texts(figure)))


def first_words(passages: Iterable[StoredPassage], *, width: int = SUBJECT) -> str:
    """Return what an article without a headline is called by: its first words, or those of a
    sub-heading or a caption; "" for one without any."""
    passages = list(passages)
    running = (words for words, _links in _running_text(passages))
    captions = (one.texts[0] for one in passages if not isinstance(one, Listing))
    return shortened(next(running, next(filter(None, captions), "")), width=width)


def _running_text(passages: Iterable[StoredPassage]) -> Iterator[Linked]:
    """Yield the paragraphs, or the entries of the lists of an article that has no paragraph."""
    passages = list(passages)
    paragraphs = [one for one in passages if isinstance(one, Paragraph) and one.text.strip()]
    lists = [one for one in passages if isinstance(one, Listing)]
    for passage in paragraphs or lists:
        for text, links in linked_texts(passage):
            if text.strip():
                yield text, links


def cut(text: str, *, width: int) -> str:
    """Return the beginning of `text` of at most `width` columns: whole sentences where they fill
    two fifths of it, or else as many words as fit, and "…"."""
    if columns(text) <= width:
        return text
    start = _prefix(text, width=width)
    ends = [end for match in _SENTENCE.finditer(start) if (end := match.end()) < len(text)]
    if ends and columns(start[: ends[-1]]) * 5 >= width * 2:
        return start[: ends[-1]]
    start = _prefix(text, width=width - 1)
    pauses = [match.start() for match in _PAUSE.finditer(start)]
    if pauses and columns(start[: pauses[-1]]) * 5 >= width * 2:
        start = start[: pauses[-1]]
    return start.rstrip(" ，；、,;:：") + "…"


def _whole_words(start: str, *, of: str, width: int) -> str:
    """Return `start` without the part of a Latin word at its end, unless that is most of it."""
    before, space, word = start.rpartition(" ")
    cut = of[len(start) : len(start) + 1].isalnum() and word.isascii()
    if space and cut and columns(before) * 5 >= width * 2:
        start = before
    return start.rstrip(" ，；、,;:：")


def _prefix(text: str, *, width: int) -> str:
    """Return as many characters from the beginning as fit into `width` columns."""
    taken = 0
    for n, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:n]
    return text


def in_turn(sections: Iterable[Sequence[str]]) -> list[str]:
    """Return the first of each section, then the second of each, and so on: a reader's top
    articles."""
    turns = chain.from_iterable(zip_longest(*sections))
    return [title for title in turns if title]


def subject(titles: Sequence[str], *, limit: int = SUBJECT) -> str:
    """Return as many of `titles` as fit into `limit` columns; the first one, cut if need be."""
    return _as_many(titles, limit=limit)[0]


def preheader(titles: Sequence[str], *, limit: int = PREHEADER) -> str:
    """Return what the subject had no room for, as far as `limit` columns go; "" if nothing is
    left."""
    return _as_many(_as_many(titles, limit=SUBJECT)[1], limit=limit)[0]


def _as_many(titles: Sequence[str], *, limit: int) -> tuple[str, Sequence[str]]:
    """Return the titles that fit into `limit` columns, joined, and those left over."""
    if not titles:
        return "", ()
    joined = shortened(titles[0], width=limit)
    for n, title in enumerate(titles[1:], start=1):
        longer = f"{joined} · {title}"
        if columns(longer) > limit:
            return joined, titles[n:]
        joined = longer
    return joined, ()


def shortened(text: str, *, width: int) -> str:
    """Return `text`, or as many of its words as fit into `width` columns together with "…"."""
    if columns(text) <= width:
        return text
    start = _prefix(text, width=width - columns("…"))
    return _whole_words(start, of=text, width=width) + "…"


def minutes(passages: Iterable[StoredPassage]) -> int:
    """Return how many minutes an article takes to read; 0 for one without running text."""
    running = (one_line(text) for text, _ in _running_text(passages))
    return ceil(sum(map(columns, running)) / _A_MINUTE)
