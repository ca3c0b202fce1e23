"""The names of months and seasons, and how dates are written in Chinese numerals."""

from __future__ import annotations

import re

# English, then German, French, Spanish, Italian, Portuguese, Dutch, Czech and Polish, as they are
# written in a date.
_NAMES = (
    "january|jan|januar|jänner|janvier|enero|gennaio|janeiro|januari|ledna|leden|stycznia|styczeń",
    "february|feb|februar|février|febrero|febbraio|fevereiro|februari|února|únor|lutego|luty",
    "march|mar|märz|mars|marzo|março|maart|března|březen|marca|marzec",
    "april|apr|avril|abril|aprile|dubna|duben|kwietnia|kwiecień",
    "may|mai|mayo|maggio|maio|mei|května|květen|maja|maj",
    "june|jun|juni|juin|junio|giugno|junho|června|červen|czerwca|czerwiec",
    "july|jul|juli|juillet|julio|luglio|julho|července|červenec|lipca|lipiec",
    "august|aug|août|agosto|augustus|srpna|srpen|sierpnia|sierpień",
    "september|sept|sep|septembre|septiembre|settembre|setembro|září|września|wrzesień",
    "october|oct|oktober|octobre|octubre|ottobre|outubro|října|říjen|października|październik",
    "november|nov|novembre|noviembre|novembro|listopadu|listopad|listopada",
    "december|dec|dezember|décembre|diciembre|dicembre|dezembro|prosince|prosinec|grudnia|grudzień",
)
_MONTHS = {name: n for n, names in enumerate(_NAMES, start=1) for name in names.split("|")}
_LONGEST_FIRST = sorted(_MONTHS, key=len, reverse=True)
MONTH = rf"(?<![^\W\d_])(?:{'|'.join(_LONGEST_FIRST)})(?![^\W\d_])\.?"
SEASON = (
    r"(?<![^\W\d_])(?:spring|summer|autumn|fall|winter|easter|christmas|michaelmas|lent|trinity"
    r"|frühjahr|frühling|sommer|herbst|printemps|automne|hiver|primavera|verano|otoño|invierno"
    r"|jaro|léto|podzim|zima)(?![^\W\d_])"
)
CHINESE_SEASON = r"[春夏秋冬](?:季|(?=[刊号號])|(?![\u4e00-\u9fff]))"
DASH = r"\s*(?:[-–—―~～/／&+至]|--|\bto\b|\band\b|\bbis\b)\s*"

_DIGITS = str.maketrans("〇○零一二三四五六七八九元", "0001234567891")
_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=\s*年)")
_REPUBLIC = re.compile(
    r"(?:中[华華]\s*)?民[国國]\s*(?P<y>[0-9]{1,3}|[〇○零一二三四五六七八九十百元]{1,5})\s*年"
)
_MONTH_OR_DAY = re.compile(
    r"(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=\s*[月日号號])"
)
_FIRST_YEAR = 1911  # in which year 0 of the republic would be


def month_of(name: str) -> int:
    """The number of a month by its name."""
    return _MONTHS[name.rstrip(".").casefold()]


def months_in(text: str) -> list[int]:
    """The numbers of the months that a text names."""
    return [month_of(name) for name in re.findall(MONTH, text, flags=re.IGNORECASE)]


def with_plain_numerals(text: str) -> str:
    """A text with the Chinese numerals and the years of the republic in its dates as those of
    today: 2024年9月 for 二〇二四年九月 and for 民國一一三年九月."""
    text = _YEAR.sub(lambda match: match[0].translate(_DIGITS), text)
    text = _REPUBLIC.sub(lambda match: f"{_FIRST_YEAR + number_of(match['y'])}年", text)
    return _MONTH_OR_DAY.sub(lambda match: str(number_of(match[0])), text) if "年" in text else text


def number_of(numeral: str) -> int:
    """A number below a thousand in digits or Chinese numerals: 12, 十二, 一二, 一百一十三."""
    if not set("十百") & set(numeral):
        return int(numeral.translate(_DIGITS))
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return (
        100 * int(hundreds.translate(_DIGITS) or bool("百" in numeral))
        + 10 * int(tens.translate(_DIGITS) or bool(ten))
        + int(ones.translate(_DIGITS) or 0)
    )
