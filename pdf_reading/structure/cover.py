"""The facts on a cover or masthead: title, number, date and publisher of the issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_reading.glyphs.normalisation import joined, mostly_cjk
from pdf_reading.layout.lines import Line
from pdf_reading.lexicon.facts import DAY_DATES, MONTH, MONTH_DATES, NUMBER, iso_date

_PUBLISHER = re.compile(
    r"(?:主[办辦][单單]位|[编編]印|[编編][辑輯]出版|出版[单單]?位?|主\s*[办辦]|[编編]\s*印|"
    r"Published by|Publisher|Issued by)\s*[:：]?\s*(?P<name>.{2,80})",
    re.IGNORECASE,
)
_NEWSLETTER_OF = re.compile(
    r"^(?:the )?(?:\w+ )?(?:newsletter|bulletin|journal) of (?:the )?", re.IGNORECASE
)
_BETWEEN_FACTS = re.compile(r"\s*[·•|｜│]\s*|\s{2,}|　+")
_BODY_NAME = re.compile(
    r"(?:院|所|部|局|厅|廳|委|办|辦|室|[学學協协][会會]|中心|[员員][会會]|公司|大[学學]|集[团團]|研究[会會]|"
    r"[联聯]盟|[报報]社|[图圖][书書][馆館]|博物[馆館]|科技[馆館]|政府)(?:\s*(?:主办|主辦|编印|編印|编|办))?$"
    r"|\b(?:Institute|University|Office|Ministry|Agency|Society|Association|Council|Department|"
    r"Centre|Center|Academy|Foundation|Commission|Authority|Bureau|Board|Laboratory|Union|"
    r"Federation|Network|Trust|Chamber)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """The facts of an issue; "" for what was not printed. `date` as in `IssueText`."""

    title: str
    number: str
    date: str
    publisher: str


def imprint_of(lines: Sequence[Line]) -> Imprint:
    """Read the lines of a cover or masthead."""
    texts = [line.text for line in lines]
    number = next((m[0] for text in texts if (m := NUMBER.search(text))), "")
    # "No. 9 September 2026" is no 9 September.
    texts = [text.replace(number, " | ") if number else text for text in texts]
    date = next((d for text in texts if (d := iso_date(text, months=False))), "")
    date = date or next((d for text in texts if (d := iso_date(text))), "")
    return Imprint(_title(lines), _tight(number), date, _publisher(lines))


def repeats(imprint: Imprint, text: str) -> bool:
    """Whether a line has nothing but title, number or date of the issue, or a page number."""
    if not imprint.title or imprint.title not in text or len(text) > len(imprint.title) + 50:
        return False
    rest = text.replace(imprint.title, "").replace(imprint.number, "")
    rest = re.sub(rf"{MONTH}|page|[第页頁年月日期\W\d_]", "", rest, flags=re.IGNORECASE)
    return not rest


def _tight(number: str) -> str:
    """Chinese numbers without the spaces of their typesetting."""
    return re.sub(r"\s+", "", number) if mostly_cjk(number) or "期" in number else number.strip()


def _title(lines: Sequence[Line]) -> str:
    """The largest type that is no number or date; lines in it that follow each other."""
    named = [line for line in lines if not _is_only_number(line.text)]
    if not named:
        return ""
    size = max(line.face.size for line in named)
    title = ""
    last: Line | None = None
    for line in named:
        if line.face.size > size - 1 and (last is None or _close(last, line)):
            title, last = joined(title, line.text), line
    return title


def _close(last: Line, line: Line) -> bool:
    return last.page == line.page and line.baseline - last.baseline < 2.5 * line.face.size


def _is_only_number(text: str) -> bool:
    match = NUMBER.search(text)
    return bool(match and len(match[0]) > 0.5 * len(text)) or (
        bool(iso_date(text)) and len(text) < 25
    )


def _publisher(lines: Sequence[Line]) -> str:
    facts = [fact for text in _whole(lines) for fact in _facts(text)]
    for fact in facts:
        if match := _PUBLISHER.search(fact):
            return match["name"].strip(" ：:")
    title = _title(lines)
    for fact in reversed(facts):
        if len(fact) < 60 and fact not in title and names_a_body(fact):
            return _NEWSLETTER_OF.sub("", re.sub(r"\s*(?:主[办辦]|[编編]印)$", "", fact))
    return ""


def _facts(text: str) -> list[str]:
    """The facts that stand in one line: number and date part what is before and after them."""
    for pattern in (NUMBER, *DAY_DATES, *MONTH_DATES):
        text = pattern.sub(" | ", text)
    return [fact for piece in _BETWEEN_FACTS.split(text) if (fact := piece.strip(" |,，:："))]


def _whole(lines: Sequence[Line]) -> list[str]:
    """The texts of lines, those joined that one full line goes on in."""
    texts: list[str] = []
    for last, line in zip((None, *lines), lines, strict=False):
        full = last is not None and last.right - last.box.x1 < 1.5 * last.face.size
        if last is not None and full and last.face == line.face and _close(last, line):
            texts[-1] = joined(texts[-1], line.text)
        else:
            texts.append(line.text)
    return texts


def names_a_body(fact: str) -> bool:
    """Whether a few words are the name of an institution."""
    return bool(_BODY_NAME.search(fact)) and not _is_only_number(fact)
