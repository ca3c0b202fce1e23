"""Which sections a reader gets, and the words that a mail makes of articles. Plain Python.

A selection is an `int`: bit n is set when the n-th of a digest's topics is in it, so that
readers of the same topics have the same number and share an edition.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, zip_longest

from bulletin_site.mail.wrapping import columns

SUBJECT = 60  # characters that most lists of mail show
PREHEADER = 110
LEAD = 240  # columns: 120 Chinese characters or 240 Latin ones
_ENOUGH = 100  # columns of a first paragraph that need no second

_SENTENCE = re.compile(r"[。！？!?…][”’」』）)\"']*|\.[”’\"')\]]*(?=\s|$)")
_PAUSE = re.compile(r"[，；、,;:：]|\s")


def mask(topics: Sequence[int], followed: Collection[int]) -> int:
    """The selection of a reader who follows the topics with the ids `followed`."""
    return sum(1 << n for n, topic in enumerate(topics) if topic in followed)


def chosen(topics: Sequence[int], selection: int) -> frozenset[int]:
    """The ids of the topics in `selection`."""
    return frozenset(topic for n, topic in enumerate(topics) if selection >> n & 1)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def lead(passages: Iterable[Mapping[str, object]], *, width: int = LEAD) -> str:
    """The beginning of an article, of at most `width` columns; "" for one without text.

    `passages` are those of `digests.models.Article`. A short first paragraph is followed by
    the next. Where it must be cut, that is done at the end of a sentence if there is one.
    """
    text = ""
    for paragraph in _running_text(passages):
        space = " " if text and text[-1].isascii() else ""
        text = f"{text}{space}{paragraph}"
        if columns(text) >= _ENOUGH:
            break
    return cut(text, width=width)


def _running_text(passages: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """The paragraphs, or the lists of an article that has no paragraph."""
    passages = list(passages)
    paragraphs = [str(part.get("text", "")) for part in passages if part["kind"] == "paragraph"]
    entries = [part.get("entries", ()) for part in passages if part["kind"] == "list"]
    listed = [str(entry) for part in entries if isinstance(part, (list, tuple)) for entry in part]
    return filter(None, map(one_line, paragraphs or listed))


def cut(text: str, *, width: int) -> str:
    """The beginning of `text` of at most `width` columns: whole sentences where they fill two
    fifths of it, or else as many words as fit, and "…"."""
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


def _prefix(text: str, *, width: int) -> str:
    """As many characters from the beginning as fit into `width` columns."""
    taken = 0
    for n, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:n]
    return text


def in_turn(sections: Iterable[Sequence[str]]) -> list[str]:
    """The first of each section, then the second of each, and so on: a reader's top articles."""
    turns = chain.from_iterable(zip_longest(*sections))
    return [title for title in turns if title]


def subject(titles: Sequence[str], *, limit: int = SUBJECT) -> str:
    """As many of `titles` as fit into `limit` characters; the first one, cut if need be."""
    return _as_many(titles, limit=limit)[0]


def preheader(titles: Sequence[str], *, limit: int = PREHEADER) -> str:
    """What the subject had no room for, as far as `limit` characters go; "" if nothing is left."""
    return _as_many(_as_many(titles, limit=SUBJECT)[1], limit=limit)[0]


def _as_many(titles: Sequence[str], *, limit: int) -> tuple[str, Sequence[str]]:
    """The titles that fit into `limit` characters, joined, and those left over."""
    if not titles:
        return "", ()
    joined = _shortened(titles[0], limit=limit)
    for n, title in enumerate(titles[1:], start=1):
        longer = f"{joined} · {title}"
        if len(longer) > limit:
            return joined, titles[n:]
        joined = longer
    return joined, ()


def _shortened(title: str, *, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
