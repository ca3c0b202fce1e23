"""The phrases of keyword alerts, and where they stand in a text. Plain Python."""

from __future__ import annotations

import re
import unicodedata

MIN_LENGTH = 2  # letters
MAX_LENGTH = 60
MAX_KEYWORD_ALERTS = 10  # of one reader

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
_LETTER = rf"[^\W_{_WIDE}]"  # of a script that puts spaces between its words


def key_of(text: str) -> str:
    """Return what two texts share that differ by case, width or white space alone.

    White space beside a Chinese character means nothing and is dropped.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = " ".join(folded.split())
    return re.sub(rf" (?=[{_WIDE}])|(?<=[{_WIDE}]) ", "", folded)


def stands_in(phrase: str, text: str) -> bool:
    """Return whether the phrase with the key `phrase` stands in the text with the key `text`; words
    with spaces between them only as whole words: "art" does not stand in "start"."""
    if phrase not in text:
        return False
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, phrase) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, phrase[-1:]) else ""
    return re.search(f"{before}{re.escape(phrase)}{after}", text) is not None
