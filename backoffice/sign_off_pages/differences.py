"""Differences of what was submitted from what somebody saw last, for a page and a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backoffice.issue_pages.block_editor.history_pages import Compared, Piece, compared_articles
from digests import releasing
from issues import sign_off as signing_off
from issues.editing import revisions, storage
from issues.editing.document import Draft
from issues.models import Article, Revision, SignOff
from publications.models import Topic

AROUND = 60  # characters of what is the same that are shown beside what is not
MAX_SHOWN = 30  # articles in a mail


@dataclass(frozen=True, slots=True)
class Differences:
    """The articles whose words differ, and `others`: sentences about the rest. `first` says that
    somebody sees the issue for the first time, so that all of it is new."""

    first: bool = False
    articles: tuple[Compared, ...] = ()
    others: tuple[str, ...] = ()


def of(sign_off: SignOff, user: Any) -> Differences:
    """Return what is different for somebody."""
    if sign_off.kind == SignOff.Kind.CORRECTION:
        return _of_correction(sign_off)
    if sign_off.kind == SignOff.Kind.CHANGE:
        then = revisions.state(sign_off.issue, sign_off.version)
        return between(then, releasing.proposed(sign_off))
    before = signing_off.last_seen(sign_off.issue, user, before=sign_off)
    if before is None:
        return Differences(first=True)
    try:
        then = revisions.state(sign_off.issue, before)
    except Revision.DoesNotExist:
        return Differences(first=True)
    return between(then, _submitted(sign_off))


def _submitted(sign_off: SignOff) -> Draft:
    try:
        return revisions.state(sign_off.issue, sign_off.version)
    except Revision.DoesNotExist:
        return storage.load(sign_off.issue)


def between(then: Draft, now: Draft) -> Differences:
    """Return what differs between two states of an issue."""
    articles = tuple(
        Compared(one.name, tuple(_trimmed(one.pieces))) for one in compared_articles(then, now)
    )
    return Differences(articles=articles, others=tuple(_others(then, now)))


def _of_correction(sign_off: SignOff) -> Differences:
    rows = Article.objects.filter(pk__in=sign_off.correction["articles"]).named()
    remark = (Piece("new", sign_off.correction["remark"]),)
    named = _("The correction is about: %(article)s")
    return Differences(
        articles=(Compared(_("What readers are told"), remark),),
        others=tuple(named % {"article": row} for row in rows),
    )


def _others(then: Draft, now: Draft) -> Iterator[str]:
    for name, label in (
        ("title", _("title")),
        ("number", _("number")),
        ("date", _("date")),
        ("publisher", _("publisher")),
    ):
        was, is_now = getattr(then.facts, name), getattr(now.facts, name)
        if was != is_now:
            yield _("The issue's %(what)s was “%(was)s” and is “%(now)s”.") % {
                "what": label,
                "was": was,
                "now": is_now,
            }
    topics = {one.pk: str(one) for one in Topic.objects.filter(pk__in=_topics(then, now))}
    was_headed, headed = _heads(then, topics), _heads(now, topics)
    if was_headed != headed:
        yield _("The sections are now: %(sections)s.") % {"sections": "; ".join(headed)}
    if _places(then) != _places(now):
        yield _("Articles were added, dropped, moved, or taken out of the mails.")
    if then.remnants != now.remnants:
        yield _("Text that stands in no article was changed.")


def _topics(*drafts: Draft) -> set[int]:
    return {one.topic for draft in drafts for one in draft.sections if one.topic}


def _heads(draft: Draft, topics: dict[int, str]) -> list[str]:
    """Return the sections, each with what it is about."""
    nothing = _("not for mailing")
    return [
        f"{one.title} ({nothing if one.not_for_mailing else topics.get(one.topic or 0, '–')})"
        for one in draft.sections
    ]


def _places(draft: Draft) -> list[Any]:
    return [[(one.key, one.not_for_mailing) for one in of.articles] for of in draft.sections]


def _trimmed(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Yield the pieces, with an ellipsis for what is the same and far from what is not."""
    last = len(pieces) - 1
    for n, piece in enumerate(pieces):
        text = piece.text
        if piece.kind != "same" or len(text) <= 2 * AROUND + 1:
            yield piece
            continue
        before = "" if n == 0 else text[:AROUND]
        after = "" if n == last else text[-AROUND:]
        yield Piece("same", f"{before} … {after}")
