"""The words that say where an article goes on, or began: "continued on page 3", 上接第1版."""

from __future__ import annotations

import re

from pdf_reading.lexicon.months import number_of

_NUMBER = r"(?P<page>\d{1,3}|[一二三四五六七八九十]{1,3})"
_PAGE = (
    r"(?:(?:page|pg?\.)\s*(?P<p>\d{1,3})(?:\s*,?\s*col(?:umn|\.)?\s*\d+)?"
    r"|(?:the\s+)?front\s+page|page\s+one)"
)
_OPEN, _CLOSE = r"\s*[(（\[【—–-]*\s*", r"\s*[)）\]】—–-]*\.?\s*"
_CONTINUED = r"(?:continued|continues|cont(?:['’]?d)?\.?)"
_ON = re.compile(
    rf"{_OPEN}(?:(?:story\s+)?{_CONTINUED}\s+on\s+{_PAGE}|[下转轉]{{1,2}}\s*第\s*{_NUMBER}\s*[版页頁])"
    rf"{_CLOSE}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"{_OPEN}(?:{_CONTINUED}\s+from\s+{_PAGE}|(?:上接|接)\s*第\s*{_NUMBER}\s*[版页頁]){_CLOSE}",
    re.IGNORECASE,
)


def goes_on_at(text: str) -> tuple[str, int] | None:
    """A text that ends by saying where it goes on: the rest of it, and the page; else None."""
    match = _ON.search(text)
    return (text[: match.start()].rstrip(), _page(match)) if match else None


def came_from(text: str) -> tuple[str, int] | None:
    """A text that says at one end where it began: the rest of it, and the page; else None."""
    match = _FROM.match(text) or next(
        (one for one in _FROM.finditer(text) if one.end() == len(text)), None
    )
    return ((text[: match.start()] + text[match.end() :]).strip(), _page(match)) if match else None


def _page(match: re.Match[str]) -> int:
    return number_of(match["p"] or match["page"] or "1")
