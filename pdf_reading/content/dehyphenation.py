"""Dehyphenation: whether the hyphen at the end of a line was the typesetter's or the writer's.

The issue itself is the best dictionary: a word that stands elsewhere in one piece, or with its
hyphen inside a line, is written so here too.
"""

from __future__ import annotations

import re
from collections import Counter

from pdf_reading.content.rewriting import rewritten, texts_of
from pdf_reading.glyphs.normalisation import SOFT_BREAK
from pdf_reading.issue_text import IssueText

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_WORD = re.compile(rf"[^\W\d_]+(?:{SOFT_BREAK}[^\W\d_]+)+")


def dehyphenated(issue: IssueText) -> IssueText:
    """The issue with every broken word written as elsewhere in it."""
    if not any(SOFT_BREAK in text for text in texts_of(issue)):
        return issue
    known = Counter(word for text in texts_of(issue) for word in _WORD.findall(text.casefold()))

    def rejoin(text: str) -> str:
        return _BROKEN_WORD.sub(lambda word: _whole(word[0], known), text).replace(SOFT_BREAK, "")

    return rewritten(issue, rejoin)


def _whole(word: str, known: Counter[str]) -> str:
    joined, hyphenated = word.replace(SOFT_BREAK, ""), word.replace(SOFT_BREAK, "-")
    return hyphenated if known[hyphenated.casefold()] > known[joined.casefold()] else joined
