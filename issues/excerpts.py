"""The excerpts of articles that a mail shows: leads, subjects, reading times. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from math import ceil
from typing import NamedTuple

from mail.messages.text_wrapping import columns
from pdf_reading.issue_text import Listing, Paragraph, Quotation, StoredFigure, StoredPassage
from pdf_reading.linking import RichText, Run, placed, rich_texts, runs

SUBJECT = 60  # columns that most lists of mail show: 30 Chinese characters
PREHEADER = 110
SENTENCE = 160  # columns of one that is shown for a phrase in it
LEAD = 160  # columns: 80 Chinese characters or 160 Latin ones
_ENOUGH = 100  # columns of a first paragraph that need no second
_A_MINUTE = 760  # columns that an adult reads: 380 Chinese characters, or some 130 English words

_SENTENCE = re.compile(r"[。！？!?…][”’」』）)\"']*|\.[”’\"')\]]*(?=\s|$)")
# No sentence ends with "Dr." or "J.".
_CLAUSE = re.compile(
    r"[。！？；!?][”’」』）)\"']*|(?<!\b[A-Z])(?<!\b[A-Z][a-z])\.[”’\"')\]]*(?=\s)"
)
_QUOTES = "“‘\"'「『《«„"
_PAIRS = dict(zip("《〈「『（【〔［([“‘", "》〉」』）】〕］)]”’", strict=True))
_PAUSE = re.compile(r"[，；、,;:：]|\s")


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


def lead(passages: Iterable[StoredPassage], *, width: int = LEAD) -> tuple[Run, ...]:
    """Return the beginning of an article, of at most `width` columns, with its links; nothing for
    one without text.

    A short first paragraph is followed by the next. Where it must be cut, that is done at the
    end of a sentence if there is one. A quotation stands in quotation marks.
    """
    text, pieces = "", []
    kind, running = _running_text(passages)
    for piece in running:
        paragraph = one_line(piece.text)
        space = " " if text and text[-1].isascii() else ""
        text = f"{text}{space}{paragraph}"
        pieces.append(piece)
        if columns(text) >= _ENOUGH:
            break
    lead = _runs(cut(text, width=width), pieces)
    quoted = kind is Quotation and text[0] not in _QUOTES
    return (Run("“"), *lead, Run("”")) if quoted else lead


def caption(figure: StoredFigure) -> tuple[Run, ...]:
    """Return the caption of a figure on one line, with its links."""
    return _runs(one_line(figure.caption), rich_texts(figure))


def _runs(text: str, pieces: Sequence[RichText]) -> tuple[Run, ...]:
    links = placed(text, [(piece.text, piece.links) for piece in pieces])
    marks = placed(text, [(piece.text, piece.marks) for piece in pieces])
    return runs(text, links, marks)


class Quote(NamedTuple):
    """A sentence, parted at the words that were `found` in it."""

    before: str
    found: str
    after: str

    @property
    def text(self) -> str:
        """The sentence whole."""
        return "".join(self)


def sentence(text: str, start: int, stop: int, *, width: int = SENTENCE) -> Quote:
    """Return the sentence in which the words from `start` to `stop` stand, of one line of `text`;
    of a long one `width` columns around them, and "…" where it was cut."""
    line, end = text.rfind("\n", 0, start) + 1, text.find("\n", stop)
    end = len(text) if end < 0 else end
    begin = max((one.end() for one in _CLAUSE.finditer(text, line, start)), default=line)
    ends = (one.end() for one in _CLAUSE.finditer(text, stop, end))
    before, found, after = text[begin:start], text[start:stop], text[stop : next(ends, end)]
    before, found, after = before.lstrip(), one_line(found), after.rstrip()
    room = max(width - columns(found), 0)
    before = _last_words(before, width=max(room // 2, room - columns(after)))
    return Quote(before, found, shortened(after, width=max(room - columns(before), 1)))


def _last_words(text: str, *, width: int) -> str:
    """Return `text`, or "…" and as many of its words from the end as fit into `width` columns."""
    if columns(text) <= width:
        return text
    kept = _prefix(text[::-1], width=max(width - columns("…"), 0))[::-1]
    word, space, rest = kept.partition(" ")
    if space and word.isascii() and text[: -len(kept)][-1:].isalnum():
        kept = rest
    return "…" + kept.lstrip(" ，；、,;:：")


def first_words(passages: Iterable[StoredPassage], *, width: int = SUBJECT) -> str:
    """Return what an article without a headline is called by: its first words, or those of a
    sub-heading or a caption; "" for one without any."""
    passages = list(passages)
    _kind, running = _running_text(passages)
    captions = (one.texts[0] for one in passages if not isinstance(one, Listing))
    words = running[0].text if running else next(filter(None, captions), "")
    return shortened(words, width=width)


def _running_text(passages: Iterable[StoredPassage]) -> tuple[type[StoredPassage], list[RichText]]:
    """Return the paragraphs, or the quotations of an article that has no paragraph, or else the
    entries of its lists; and which of these they are."""
    passages = list(passages)
    kind: type[Paragraph] | type[Quotation] | type[Listing]
    for kind in (Paragraph, Quotation, Listing):
        texts = [text for one in passages if isinstance(one, kind) for text in rich_texts(one)]
        if words := [text for text in texts if text.text.strip()]:
            return kind, words
    return Paragraph, []


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
    room = width - columns("…")
    start = _whole_words(_prefix(text, width=room), of=text, width=width)
    while closing := _closing(start):
        if columns(start + closing) <= room:
            return f"{start}…{closing}"
        kept = _prefix(start, width=room - columns(closing))
        start = _whole_words(kept, of=text, width=width)
    return start + "…"


def _closing(text: str) -> str:
    """Return the marks that close the brackets and quotation marks which `text` leaves open."""
    opened: list[str] = []
    for character in text:
        if closing := _PAIRS.get(character):
            opened.append(closing)
        elif opened and character == opened[-1]:
            opened.pop()
    return "".join(reversed(opened))


def minutes(passages: Iterable[StoredPassage]) -> int:
    """Return how many minutes an article takes to read; 0 for one without running text."""
    _kind, running = _running_text(passages)
    return minutes_of(one_line(piece.text) for piece in running)


def minutes_of(texts: Iterable[str]) -> int:
    """Return how many minutes some texts take to read."""
    return ceil(sum(map(columns, texts)) / _A_MINUTE)
