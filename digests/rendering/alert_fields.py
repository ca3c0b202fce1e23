"""The merge fields of what keyword alerts put in front of an edition: the keywords, the sentences
in which they stand, and the links that stop them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from django.utils.html import format_html
from django.utils.translation import gettext

from digests.models.alert_keywords import Matched
from digests.rendering.composing import ALERTS, Group
from issues import excerpts
from mail.messages import headers
from subscribers.keywords.query import MAX_KEYWORD_ALERTS

NAMES = ("eyebrow", "hit_html", "hit_text")  # each with the id of an article


def field_names(articles: Sequence[int]) -> list[str]:
    """Return the names of all such fields that there can be for some articles."""
    stops = [f"{name}_{n}" for n in range(MAX_KEYWORD_ALERTS) for name in ("stop", "query")]
    return [*(f"{name}_{pk}" for pk in articles for name in NAMES), *stops]


class AlertWords(NamedTuple):
    """The words for alerts: what is `matched` in articles, by their ids, the `texts` of these, and
    the `headings` of the sections in which they stand."""

    matched: Mapping[int, Matched]
    texts: Mapping[int, str]
    headings: Mapping[int, str]


def alert_fields(groups: Sequence[Group], words: AlertWords) -> dict[str, str]:
    """Return the fields of the group of the alerts; none where there is none."""
    fields: dict[str, str] = {}
    for group in groups:
        if group.key == ALERTS:
            fields |= _of_group(group, *words)
    return fields


def _of_group(
    group: Group,
    matched: Mapping[int, Matched],
    texts: Mapping[int, str],
    headings: Mapping[int, str],
) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pk in group.shown:
        if pk in group.marked:
            fields[f"eyebrow_{pk}"] = _eyebrow(matched[pk].keywords, headings[pk])
        if pk in group.quoted:
            found = matched[pk]
            sentence = excerpts.sentence(texts[pk], found.start, found.start + found.length)
            fields[f"hit_text_{pk}"] = sentence.text
            fields[f"hit_html_{pk}"] = format_html("{}<strong>{}</strong>{}", *sentence)
    for n, phrase in enumerate(group.keywords):
        said = gettext("Stop watching for “%(phrase)s”") % {"phrase": headers.one_line(phrase)}
        fields[f"stop_{n}"] = said
        fields[f"query_{n}"] = f"/phrase/?phrase={quote(phrase, safe='')}"
    return fields


def _eyebrow(keywords: Sequence[str], heading: str) -> str:
    first, *more = map(headers.one_line, keywords)
    for phrase in more:
        first = gettext("%(first)s, %(second)s") % {"first": first, "second": phrase}
    return f"{first} · {heading}" if heading else first
