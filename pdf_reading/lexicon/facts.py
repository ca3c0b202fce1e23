"""The patterns of the imprint: number and date of an issue, publisher, editors, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(
    r"(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百〇零]+\s*[期号卷辑](?:\s*[（(]?\s*总\s*第?\s*\d+\s*期\s*[）)]?)?"
    r"|总\s*第?\s*\d+\s*期"
    r"|(?:Vol(?:ume)?\.?\s*\d+\s*[,·|/]?\s*)?(?:\b(?:No|Issue|Number|Nr)\b\.?\s*(?:No\.?\s*)?\d+)"
    r"|Vol(?:ume)?\.?\s*\d+",
    re.IGNORECASE,
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "|".join(_MONTHS) + "|" + "|".join(f"{m[:3]}\\.?" for m in _MONTHS)
DAY_DATES = (
    re.compile(r"(?P<y>\d{4})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*[日号]?"),
    re.compile(
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<n>{MONTH})\s*,?\s+(?P<y>\d{{4}})", re.IGNORECASE
    ),
    re.compile(
        rf"(?P<n>{MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,\s*(?P<y>\d{{4}})", re.IGNORECASE
    ),
)
MONTH_DATES = (
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月"),
    re.compile(rf"(?P<n>{MONTH})\s+(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(r"\b(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})\b"),
)
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
PUBLISHES = re.compile(
    r"主\s*[办辦]|[编編]\s*印|承\s*[办辦]|[编編][辑輯]出版|版[权權]所有|\bpublished by\b|"
    r"all rights reserved|copyright|©|ISSN",
    re.IGNORECASE,
)
FACTS = (
    PUBLISHES,
    re.compile(
        r"[责責]任[编編][辑輯]|主\s*[编編]|[编編]\s*[辑輯]\s*[:：部]|\beditors?\b", re.IGNORECASE
    ),
    re.compile(r"[地网網]\s*址\s*[:：]|[邮郵]\s*[编編]|邮政编码|\baddress\b", re.IGNORECASE),
    re.compile(
        r"[电電]\s*[话話]\s*[:：]|[传傳]\s*真|\b(?:tele)?phone\b|\btel\b|\bfax\b", re.IGNORECASE
    ),
    re.compile(r"[邮郵]\s*箱|\S@\S+\.\w|\be-?mail\b|\bwrite to\b|\bcontact\b", re.IGNORECASE),
    re.compile(r"退[订訂]|[订訂][阅閱]|\b(?:un)?subscri", re.IGNORECASE),
)


def is_imprint(text: str) -> bool:
    """Whether a short line gives a number or a date of an issue."""
    return len(text) < 80 and bool(NUMBER.search(text) or iso_date(text))


def iso_date(text: str, *, months: bool = True) -> str:
    """The first date in a text as ISO 8601, to the day or, if allowed, to the month; else ""."""
    text = re.sub(
        r"[〇○零一二三四五六七八九]{4}(?=\s*年)", lambda m: m[0].translate(_CHINESE_DIGITS), text
    )
    for pattern in (*DAY_DATES, *(MONTH_DATES if months else ())):
        if (match := pattern.search(text)) and (found := _iso(match.groupdict())):
            return found
    return ""


def _iso(parts: dict[str, str]) -> str:
    month = int(parts["m"]) if "m" in parts else _month_of(parts["n"])
    day = int(parts.get("d") or 0)
    if not 1 <= month <= 12 or day > 31:
        return ""
    return f"{parts['y']}-{month:02}" + (f"-{day:02}" if day else "")


def _month_of(name: str) -> int:
    return 1 + next(i for i, month in enumerate(_MONTHS) if month.startswith(name[:3].casefold()))


def kinds_of_facts(texts: Iterable[str]) -> int:
    """How many kinds of facts texts give: publisher, editors, place, telephone, mail and so on."""
    text = "\n".join(texts)
    return sum(bool(kind.search(text)) for kind in FACTS)


def publishes(text: str) -> bool:
    """Whether a text names a publisher or a copyright."""
    return bool(PUBLISHES.search(text))
