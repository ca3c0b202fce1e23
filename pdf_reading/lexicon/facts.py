"""The patterns of the imprint: number and date of an issue, publisher, editors, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pdf_reading.lexicon.dates import dates_in, first_date, without_dates
from pdf_reading.lexicon.months import MONTH
from pdf_reading.lexicon.numbers import NUMBER

MAX_LENGTH = 80  # of a line of facts
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
_BESIDE_FACTS = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|星期[一二三四五六日天]|[周週][一二三四五六日]|"
    r"[农農][历曆][^\s，,]{2,12}|(?:出版|出刊|印[发發]|[发發]行)(?:日期|[时時][间間])?|日期|[时時][间間]|[总總]|本期|"
    r"共?\s*\d+\s*[版页頁]|\b(?:page|p\.)\s*\d+|\b(?:of|the|for|year|date[d]?|issued?|published)\b|"
    r"\b(?:newsletter|magazine|quarterly|monthly|weekly|edition)\b|"
    r"\bweek\s+(?:beginning|commencing|ending)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"{MONTH}\s*\d|\d(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{MONTH}|月\s*\d+\s*日", re.IGNORECASE
)
_KIND_OF_ISSUE = re.compile(
    r"(?:the\s+)?(?:e-?)?(?:news\s?letter|bulletin|magazine|journal|quarterly|monthly|weekly|issue|"
    r"edition|news)s?",
    re.IGNORECASE,
)


@lru_cache(maxsize=1_024)  # each line of a first page is asked several times
def is_imprint(text: str) -> bool:
    """Return whether a short line gives a number or a date of an issue."""
    return len(text) < MAX_LENGTH and bool(NUMBER.search(text) or first_date(text))


def kinds_of_facts(texts: Iterable[str]) -> int:
    """Return how many kinds of facts texts give: publisher, editors, place, telephone, mail and so
    on."""
    text = "\n".join(texts)
    return sum(bool(kind.search(text)) for kind in FACTS)


def publishes(text: str) -> bool:
    """Return whether a text names a publisher or a copyright."""
    return bool(PUBLISHES.search(text))


def beside_facts(text: str) -> str:
    """Return what is left of a line without its numbers and dates and what is printed with these,
    such as a day of the week."""
    left = without_dates(NUMBER.sub(" ", text))
    left = re.sub(MONTH, " ", _BESIDE_FACTS.sub(" ", left), flags=re.IGNORECASE)
    return re.sub(r"[\W\d_]+", " ", left).strip()


@lru_cache(maxsize=1_024)
def is_dateline(text: str) -> bool:
    """Return whether a line gives number or date of an issue, if only a year, and nothing else."""
    facts = len(text) < MAX_LENGTH and (NUMBER.search(text) or next(dates_in(text), None))
    return bool(facts) and not beside_facts(text)


def is_day(text: str) -> bool:
    """Return whether a line names a day, with its year or without, and says nothing else."""
    if first_date(text, days_only=True):
        return is_dateline(text)
    left = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\d\s*[月日]", " ", text)
    return len(text) < MAX_LENGTH and bool(_DAY.search(text)) and not beside_facts(left)


def is_kind_of_issue(text: str) -> bool:
    """Return whether a line only says what an issue is, such as "Newsletter"."""
    return bool(_KIND_OF_ISSUE.fullmatch(text.strip(" -–—:·")))
