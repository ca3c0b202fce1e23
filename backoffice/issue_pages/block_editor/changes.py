"""The difference between the draft that a page shows and the one that is stored, as parts of the
page to replace, to insert and to take out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from msgspec.structs import replace

from backoffice.issue_pages.block_editor.shown import remnants_by_article
from issues.editing.document import Draft, DraftArticle, DraftSection


@dataclass(slots=True)
class Changes:
    """The ids of elements that go; sections and articles that are inserted, each with where;
    heads and articles that are replaced by key; whether the text above all articles is."""

    gone: list[str] = field(default_factory=list)
    new_sections: list[tuple[str, int]] = field(default_factory=list)
    new_articles: list[tuple[str, int]] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    above: bool = False


def between(shown: Draft, stored: Draft) -> Changes:
    """Compare two drafts."""
    changes = Changes()
    was = {section.key: section for section in shown.sections}
    gone, new = _moves(list(was), [section.key for section in stored.sections])
    changes.gone += [f"section-{key}" for key in gone]
    changes.new_sections += [
        (f"afterend:#section-{before}" if before else "afterbegin:#sections", key)
        for key, before in new
    ]
    fresh = {key for key, _ in new}
    pieces = _remnants(shown), _remnants(stored)
    for section in stored.sections:
        if section.key not in fresh:
            _compare(was[section.key], section, pieces, changes)
    if pieces[0].get(0) != pieces[1].get(0):
        changes.above = True
    return changes


Pieces = dict[int, tuple[int, ...]]


def _compare(
    was: DraftSection,
    now: DraftSection,
    pieces: tuple[Pieces, Pieces],
    changes: Changes,
) -> None:
    if replace(was, articles=()) != replace(now, articles=()):
        changes.heads.append(now.key)
    old: dict[int, DraftArticle] = {article.key: article for article in was.articles}
    gone, new = _moves(list(old), [article.key for article in now.articles])
    changes.gone += [f"article-{key}" for key in gone]
    changes.new_articles += [
        (f"afterend:#article-{before}" if before else f"afterbegin:#articles-{now.key}", key)
        for key, before in new
    ]
    fresh = {key for key, _ in new}
    for article in now.articles:
        same = article.key in fresh or (
            old[article.key] == article and pieces[0].get(article.key) == pieces[1].get(article.key)
        )
        if not same:
            changes.articles.append(article.key)


def _moves(was: Sequence[int], now: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Return which keys go from a row, and which come, each with the one before it (0: none)."""
    gone: list[int] = []
    new: list[tuple[int, int]] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += was[a:b]
            new += [(now[n], now[n - 1] if n else 0) for n in range(c, d)]
    return gone, new


def _remnants(draft: Draft) -> Pieces:
    below = remnants_by_article(draft)
    return {key: tuple(one.key for one in found) for key, found in below.items()}
