"""The numbers that people print on an issue: Vol. 12, No. 9; Volume IV no. 3; č. 15/2022-23;
2026年第9期（总第132期）; 第三卷第二期."""

from __future__ import annotations

import re

from pdf_reading.lexicon.months import MONTH

_ROMAN = r"(?-i:(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![A-Za-z]))"
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_YEARS = r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?(?!\d)"
_NO_DAY = rf"(?!\d|\s*(?:{MONTH}))"
_DIGITS = (
    rf"\d{{1,4}}(?!\d)(?:\s?/\s?{_YEARS}|\s(?:19|20)\d\d/(?:19|20)\d\d"
    rf"|(?:[-–]|\s?[/&]\s?)\d{{1,3}}{_NO_DAY})?"
)
_COUNT = rf"(?:{_DIGITS}|{_ROMAN}|(?:{_WORDS})\b)"
_ISSUE = (
    rf"(?:\b(?:issues?|iss|numbers?|nr|edition|núm(?:ero)?|numéro|ausgabe|heft|číslo)\b[\s.:#–-]*"
    rf"(?:nos?\b[.:]?\s*)?{_COUNT}"
    rf"|\bnos?\.[\s:#]*(?:{_DIGITS}|{_ROMAN})|(?-i:\bN[oO]s?\b)[\s:#]*{_DIGITS}"
    rf"|\bn[°º]\.?\s*{_DIGITS}|(?<!\w)č\.?\s*{_DIGITS}"
    r"|\b\d{1,4}(?:st|nd|rd|th)\s+(?:issue|edition)\b)"
)
_VOLUME = rf"\b(?:vol(?:ume)?|jahrgang|jg|ročník|anno|año)\b[\s.:–-]*{_COUNT}"
_BETWEEN = r"[\s,;:.·|/–—-]{0,4}"
_WESTERN = rf"{_VOLUME}(?:\s?\(\d+\)|{_BETWEEN}{_ISSUE})?|{_ISSUE}(?:{_BETWEEN}{_VOLUME})?"

_CHINESE = r"\s*[\d一二三四五六七八九十百〇○零]+\s*(?:[-—、/]\s*[\d一二三四五六七八九十]+\s*)?"
_CHINESE_YEAR = r"(?:[\d〇○零一二三四五六七八九]{4}\s*年\s*)"
_WHOLE = rf"[总總]\s*第?{_CHINESE}[期号號]"
_OF_YEAR = rf"{_CHINESE_YEAR}?第{_CHINESE}[期号號辑輯](?:合刊)?"
_EASTERN = (
    rf"{_CHINESE_YEAR}?(?:第{_CHINESE}卷\s*[,，·、]?\s*)?{_OF_YEAR}"
    rf"(?:\s*[,，·]?\s*[（(]?\s*{_WHOLE}\s*[）)]?|\s*[（(]\s*{_OF_YEAR}\s*[）)])?"
    rf"|{_WHOLE}(?:\s*[（(]\s*{_OF_YEAR}\s*[）)])?|第{_CHINESE}卷|[创創]刊[号號]"
)
NUMBER = re.compile(rf"{_EASTERN}|{_WESTERN}", re.IGNORECASE)
_VOLUME_ALONE = re.compile(rf"(?:{_VOLUME}|第{_CHINESE}卷)\s*", re.IGNORECASE)
_WHOLE_ALONE = re.compile(rf"{_WHOLE}\s*")


def numbers_in(text: str) -> list[str]:
    """The numbers printed in a text, each as it stands there."""
    return [match[0].strip() for match in NUMBER.finditer(text)]


def is_volume(number: str) -> bool:
    """Return whether a number is that of a volume alone, so that the one of the issue may stand
    apart."""
    return bool(_VOLUME_ALONE.fullmatch(number))


def counts_all(number: str) -> bool:
    """Return whether a number counts the issues of all years, as 总第132期 does."""
    return bool(_WHOLE_ALONE.fullmatch(number))
