"""Spaces between Chinese and Latin letters or figures: none, as where two lines meet.

Typesetters put a space there, or a narrow gap, or nothing, in one and the same issue. A space stays
behind the number that opens a line, and before a long one, such as a telephone number.
"""

from __future__ import annotations

import re

from pdf_reading.content.rewriting import rewritten, texts_of
from pdf_reading.glyphs.normalisation import has_ideographs
from pdf_reading.issue_text import IssueText

_CHINESE = r"\u3400-\u9fff"
_BEFORE_CHINESE = re.compile(rf"(?<=[^\s\d.][0-9A-Za-z%])[ \u2009]+(?=[{_CHINESE}])")
_DIGITS_BEFORE_CHINESE = re.compile(rf"(?<=[{_CHINESE}])([0-9.,:]+%?)[ \u2009]+(?=[{_CHINESE}])")
_BEHIND_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \u2009]+(?=[A-Za-z]|\d{{1,4}}(?![\d-]))")


def evenly_spaced(issue: IssueText) -> IssueText:
    """Return the issue without spaces between Chinese and Latin letters or figures."""
    if not any(" " in text and has_ideographs(text) for text in texts_of(issue)):
        return issue
    return rewritten(issue, _spaced)


def _spaced(text: str) -> str:
    if " " not in text or not has_ideographs(text):
        return text
    text = _BEHIND_CHINESE.sub("", text)
    return _BEFORE_CHINESE.sub("", _DIGITS_BEFORE_CHINESE.sub(r"\1", text))
