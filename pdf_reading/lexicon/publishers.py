"""The publisher of an issue: the words that say so, and those that name an institution."""

from __future__ import annotations

import re

from pdf_reading.lexicon.dates import without_dates
from pdf_reading.lexicon.facts import is_dateline
from pdf_reading.lexicon.numbers import NUMBER

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


def publisher_in(fact: str) -> str:
    """The name behind words such as 主办 or "Published by"; "" without them."""
    match = _PUBLISHER.search(fact)
    return match["name"].strip(" ：:") if match else ""


def names_a_body(fact: str) -> bool:
    """Return whether a few words are the name of an institution."""
    return bool(_BODY_NAME.search(fact)) and not is_dateline(fact)


def body_named(fact: str) -> str:
    """The institution alone in a fact that names one, such as "Newsletter of the ..."."""
    return _NEWSLETTER_OF.sub("", re.sub(r"\s*(?:主[办辦]|[编編]印)$", "", fact))


def facts_in(text: str) -> list[str]:
    """The facts that stand in one line: number and date part what is before and after them."""
    pieces = _BETWEEN_FACTS.split(without_dates(NUMBER.sub(" | ", text), mark=" | "))
    return [fact for piece in pieces if (fact := piece.strip(" |,，:："))]
