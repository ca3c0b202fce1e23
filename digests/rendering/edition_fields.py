"""The merge fields that the readers of an edition share: in words, and encoded for the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from digests.models.digest import DIGEST, Occasion
from digests.rendering import composing
from digests.rendering.alert_fields import AlertWords, alert_fields
from digests.rendering.composing import ALERTS, TOP, Group
from digests.rendering.merge_fields import LINKS, WORDS
from issues import excerpts
from mail.messages import encoding, headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.text_wrapping import wrap

MAX_NAMED = 8  # topics or phrases in the foot
SKIMMED = 4  # articles whose headlines are worth a time of their own


class LinkTarget(NamedTuple):
    """The target of a link, without the slash at its end: the address, and the name of the token
    that follows on it; "" for none."""

    address: str
    token: str = ""


def all_to(page: str) -> dict[str, LinkTarget]:
    """The links of nobody: all lead to one `page`, also the one to which a topic is added."""
    link = LinkTarget(page.removesuffix("/"))
    with_topic = LinkTarget(f"{page}#")
    return dict.fromkeys((each.name for each in LINKS), link) | {
        "stop": with_topic,
        "follow": with_topic,
    }


def edition_fields(
    groups: Sequence[Group],
    *,
    titles: Mapping[int, str],
    language: str,
    kind: str = DIGEST,
    occasion: str = Occasion.ISSUE,
    alerts: AlertWords | None = None,
    minutes: Mapping[int, int] | None = None,
    topics: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The merge fields that the readers of an edition share: with the `minutes` that articles take
    to read, by their ids, and the names of the `topics` of sections, by the keys of these."""
    shown = [pk for group in groups for pk in group.shown]
    with translation.override(language):
        sentence = (
            _occasion(occasion) + _sentence(groups)
            if kind == DIGEST
            else _what_was_wrong(len(shown))
        )
        whole = _with_time(sentence, groups, titles, minutes or {}) if kind == DIGEST else sentence
        return {
            "preheader": excerpts.preheader(headlines(groups, titles)) or sentence,
            "sentence": whole,
            "follows": _follows(groups, topics),
            **_others(groups),
            **{f"count_{group.key}": str(group.count) for group in groups},
            **{f"more_{group.key}": _more(group.left) for group in groups if group.left},
            **{f"number_{pk}": f"[{n}]" for n, pk in enumerate(shown, start=1)},
            **{f"read_on_{pk}": _read_on(n, language) for n, pk in enumerate(shown, start=1)},
            **(alert_fields(groups, alerts) if alerts else {}),
        }


def headlines(groups: Iterable[Group], titles: Mapping[int, str]) -> list[str]:
    """A reader's top articles: the first of each group, then the second of each, and so on."""
    turns = excerpts.in_turn([titles[pk] for pk in group.shown] for group in groups)
    return [headers.one_line(title) for title in turns]


def _occasion(occasion: str) -> str:
    """Return what is said first of a digest that no issue opened, "" for others."""
    match occasion:
        case Occasion.WELCOME:
            said = gettext("Welcome! To begin with, this is the latest issue.")
        case Occasion.CATCH_UP:
            said = gettext("This appeared while you got no emails.")
        case _:
            return ""
    return f"{said} "


def _sentence(groups: Sequence[Group]) -> str:
    """Return how many articles there are, and why."""
    number = sum(group.count for group in groups)
    alerted = sum(group.count for group in groups if group.key == ALERTS)
    counted = {"number": number, "watched": alerted}
    if not alerted:
        return (
            ngettext(
                "%(number)s article from the topics that you follow.",
                "%(number)s articles from the topics that you follow.",
                number,
            )
            % counted
        )
    if alerted == number:
        return (
            ngettext(
                "%(number)s article with words that you watch for.",
                "%(number)s articles with words that you watch for.",
                number,
            )
            % counted
        )
    return gettext("%(number)s articles, %(watched)s of them with words that you watch for.") % (
        counted
    )


def _with_time(
    sentence: str, groups: Sequence[Group], titles: Mapping[int, str], minutes: Mapping[int, int]
) -> str:
    """Return the sentence with how long the articles take to read, and their headlines alone."""
    articles = [pk for group in groups for pk in (*group.shown, *group.hidden)]
    whole = sum(minutes.get(pk, 0) for pk in articles)
    if not whole:
        return sentence
    headlines = excerpts.minutes_of(titles[pk] for pk in articles)
    time = ngettext("About %(number)s minute.", "About %(number)s minutes.", whole)
    if len(articles) >= SKIMMED:
        time = ngettext(
            "About %(number)s minutes; the headlines %(headlines)s minute.",
            "About %(number)s minutes; the headlines %(headlines)s minutes.",
            headlines,
        )
    said = time % {"number": whole, "headlines": headlines}
    return gettext("%(sentence)s %(time)s") % {"sentence": sentence, "time": said}


def _others(groups: Sequence[Group]) -> dict[str, str]:
    """The line below the contents, if there are more articles than these name."""
    listed = sum(len(shown) for _, shown in composing.listed(groups))
    left = sum(group.count for group in groups if group.key != TOP) - listed
    if not listed or not left:
        return {}
    said = ngettext("and %(number)s more article", "and %(number)s more articles", left)
    return {"others": said % {"number": left}}


def _follows(groups: Iterable[Group], topics: Mapping[str, str] | None) -> str:
    """Return what the reader follows of what is in the mail."""
    keys = (key for group in groups for key in (group.key, *group.sections))
    names = list(dict.fromkeys(topics[key] for key in keys if topics and topics.get(key)))
    keywords = [headers.one_line(one) for group in groups for one in group.keywords]
    said = []
    if names:
        said.append(gettext("Your topics in it: %(names)s.") % {"names": _enumerated(names)})
    if keywords:
        said.append(gettext("Your phrases in it: %(names)s.") % {"names": _enumerated(keywords)})
    return " ".join(said)


def _enumerated(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    first, *others = names[:MAX_NAMED]
    for name in others:
        first = gettext("%(first)s, %(second)s") % {"first": first, "second": name}
    if (left := len(names) - MAX_NAMED) > 0:
        return gettext("%(names)s and %(number)s others") % {"names": first, "number": left}
    return first


def _what_was_wrong(number: int) -> str:
    said = ngettext(
        "%(number)s article was wrong in the email about this issue that you got. This is how it "
        "should have read.",
        "%(number)s articles were wrong in the email about this issue that you got. This is how "
        "they should have read.",
        number,
    )
    return said % {"number": number}


@lru_cache(maxsize=1024)
def _read_on(number: int, _language: str) -> str:
    return gettext("Read on: [%(number)d]") % {"number": number}


def _more(left: int) -> str:
    said = ngettext("%(number)s more in this section", "%(number)s more in this section", left)
    return said % {"number": left}


def html_fields(
    words: Mapping[str, str], links: Mapping[str, LinkTarget]
) -> dict[str, MergeTemplate]:
    """The merge fields of an edition, encoded. A link brings its attribute along; no address has
    a character that HTML would want escaped."""
    return {
        **{field.name: MergeTemplate.placeholder(field.html) for field in WORDS},
        **{name: MergeTemplate((_of_words(value),)) for name, value in words.items()},
        **{name: _link(f'href="{link.address}', link.token) for name, link in links.items()},
    }


def text_fields(
    words: Mapping[str, str], links: Mapping[str, LinkTarget]
) -> dict[str, MergeTemplate]:
    """The same for the plain text. A link brings along the line break before it."""
    return {
        **{field.name: MergeTemplate.placeholder(field.text) for field in WORDS},
        **{name: MergeTemplate((_in_text(value),)) for name, value in words.items()},
        **{name: _link(f"\r\n{link.address}", link.token) for name, link in links.items()},
    }


@lru_cache(maxsize=64)
def _link(before: str, token: str) -> MergeTemplate:
    text = encoding.indented(before)
    return MergeTemplate.placeholder(token, before=text) if token else MergeTemplate((text,))


def _of_words(words: str) -> bytes:
    return encoding.block(words) if isinstance(words, SafeString) else _in_html(words)


@lru_cache(maxsize=1024)
def _in_html(words: str) -> bytes:
    return encoding.block(escape(words))


@lru_cache(maxsize=1024)
def _in_text(words: str) -> bytes:
    return encoding.block("\r\n".join(wrap(words)))
