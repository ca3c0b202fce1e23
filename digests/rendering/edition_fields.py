"""The merge fields that the readers of an edition share: in words, and encoded for the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext, ngettext

from digests.models.digest import DIGEST
from digests.rendering.composing import ALERTS, Group
from digests.rendering.merge_fields import LINKS, WORDS
from issues import excerpts
from mail.messages import encoding, headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.text_wrapping import wrap


class LinkTarget(NamedTuple):
    """The target of a link, without the slash at its end: the address, and the name of the token
    that follows on it; "" for none."""

    address: str
    token: str = ""


def all_to(page: str) -> dict[str, LinkTarget]:
    """The links of nobody: all lead to one `page`, also the one to which a topic is added."""
    link = LinkTarget(page.removesuffix("/"))
    return dict.fromkeys((each.name for each in LINKS), link) | {"stop": LinkTarget(f"{page}#")}


def edition_fields(
    groups: Sequence[Group], *, titles: Mapping[int, str], language: str, kind: str = DIGEST
) -> dict[str, str]:
    """The merge fields that the readers of an edition share."""
    shown = [pk for group in groups for pk in group.shown]
    with translation.override(language):
        sentence = _sentence(groups) if kind == DIGEST else _what_was_wrong(len(shown))
        return {
            "preheader": excerpts.preheader(headlines(groups, titles)) or sentence,
            "sentence": sentence,
            **{f"count_{group.key}": str(group.count) for group in groups},
            **{f"more_{group.key}": _more(group.left) for group in groups if group.left},
            **{f"number_{pk}": f"[{n}]" for n, pk in enumerate(shown, start=1)},
            **{f"read_on_{pk}": _read_on(n, language) for n, pk in enumerate(shown, start=1)},
        }


def headlines(groups: Iterable[Group], titles: Mapping[int, str]) -> list[str]:
    """A reader's top articles: the first of each group, then the second of each, and so on."""
    turns = excerpts.in_turn([titles[pk] for pk in group.shown] for group in groups)
    return [headers.one_line(title) for title in turns]


def _sentence(groups: Sequence[Group]) -> str:
    """Return how many articles there are, and why."""
    number = sum(group.count for group in groups)
    alerted = sum(group.count for group in groups if group.key == ALERTS)
    counted = {"number": number, "watched": alerted}
    if not alerted:
        return (
            ngettext(
                "%(number)s article from the sections that you follow.",
                "%(number)s articles from the sections that you follow.",
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


def _what_was_wrong(number: int) -> str:
    said = ngettext(
        "%(number)s article was wrong in the mail about this issue that you got. This is how it "
        "should have read.",
        "%(number)s articles were wrong in the mail about this issue that you got. This is how "
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
        **{name: MergeTemplate((_in_html(value),)) for name, value in words.items()},
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


@lru_cache(maxsize=1024)
def _in_html(words: str) -> bytes:
    return encoding.block(escape(words))


@lru_cache(maxsize=1024)
def _in_text(words: str) -> bytes:
    return encoding.block("\r\n".join(wrap(words)))
