"""The history of an issue: acts are done one after the other, each state is kept, and any of them
comes back.

An editor's act names the version that the page showed. Others may have acted since: it is done
all the same, unless they changed the very words that it changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec.structs import replace

from issues.editing import describing, freezing, revisions, storage
from issues.editing.acts import Act
from issues.editing.applying import applied
from issues.editing.conflicts import check
from issues.editing.document import Draft, Gone
from issues.editing.refusals import ActRefused, Refusal
from issues.models import Issue, Revision
from pdf_reading.issue_text import to_json

logger = logging.getLogger(__name__)

EDITABLE = (Issue.Status.DRAFT, Issue.Status.PUBLISHED)


class NotEditable(Exception):
    """The issue is not read yet, or was deleted."""


class NothingToUndo(Exception):
    """There is no act to undo, or to redo; or it was undone in another window."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent: by whom (the id of a user), made from which version, when; `token`
    names it: one that is sent twice acts once ("" for none). `released` says that a second person
    released it."""

    by: int | None
    made_from: int
    at: datetime
    token: str = ""
    released: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """An act that was done, with the states before and after it; `new` is False where the same
    form had been sent before."""

    revision: Revision
    before: Draft
    after: Draft
    new: bool = True


def perform(issue: Issue, act: Act, sent: Submission) -> Made:
    """Do an act, and keep the state before and after it. Ten queries or so, and one for each
    article that it changes.

    Raises Gone, ActRefused, Conflict, NotEditable; nothing is changed then.
    """

    def do(issue: Issue, now: Draft) -> Made:
        if sent.made_from != now.version:
            check(act, base=_base(issue, sent.made_from), now=now)
        after = applied(now, act)
        freezing.check_frozen(issue, now, after)
        return _keep(issue, now, after, sent, act=to_json(act))

    return _once(issue, sent, do)


def undo(issue: Issue, sent: Submission) -> Made:
    """Undo the act that led to the state shown: the state before it is that of a new revision.

    Raises NothingToUndo, ActRefused, NotEditable.
    """

    def do(issue: Issue, now: Draft) -> Made:
        head = issue.revisions.filter(number=now.version).first()
        if head is None or sent.made_from != now.version:
            raise NothingToUndo
        shown = issue.revisions.get(number=head.shows)
        if shown.before is None:
            raise NothingToUndo
        undone = [*head.undone, shown.number]
        act = {"act": "undo", "number": shown.number}
        return _show(issue, now, shown.before, sent, act=act, undone=undone)

    return _once(issue, sent, do)


def redo(issue: Issue, sent: Submission) -> Made:
    """Do again what was undone last. Raises NothingToUndo, ActRefused, NotEditable."""

    def do(issue: Issue, now: Draft) -> Made:
        head = issue.revisions.filter(number=now.version).first()
        if head is None or sent.made_from != now.version or not head.undone:
            raise NothingToUndo
        *rest, number = head.undone
        act = {"act": "redo", "number": number}
        return _show(issue, now, number, sent, act=act, undone=rest)

    return _once(issue, sent, do)


def restore(issue: Issue, number: int, sent: Submission) -> Made:
    """Bring back a state; it can be undone as any act. Raises ActRefused, NotEditable."""

    def do(issue: Issue, now: Draft) -> Made:
        then = replace(revisions.state(issue, number), version=now.version + 1)
        freezing.check_frozen(issue, now, then)
        act = {"act": "restore", "number": number}
        return _keep(issue, now, then, sent, act=act)

    return _once(issue, sent, do)


def take_over(
    issue: Issue, new: Callable[[Issue, Draft], Draft], act: Mapping[str, Any], sent: Submission
) -> Made:
    """Replace a draft by what `new` makes of the issue and the draft that is stored; it can be
    undone as any act. Raises ActRefused where the issue is published, NotEditable."""

    def do(issue: Issue, now: Draft) -> Made:
        if issue.status != Issue.Status.DRAFT:
            raise ActRefused(Refusal.PUBLISHED)
        then = replace(new(issue, now), version=now.version + 1)
        return _keep(issue, now, then, sent, act=act)

    return _once(issue, sent, do)


def locked(issue: Issue) -> tuple[Issue, Draft]:
    """Lock an issue, and return it with its draft. Raises NotEditable."""
    found = (
        Issue.objects.select_for_update(of=("self",))
        .select_related("bulletin")
        .filter(pk=issue.pk, status__in=EDITABLE)
        .first()
    )
    if found is None:
        raise NotEditable
    return found, storage.load(found)


def _base(issue: Issue, number: int) -> Draft:
    """Return the state that an editor saw. Raises Gone where there was none."""
    try:
        return revisions.state(issue, number)
    except Revision.DoesNotExist as error:
        raise Gone from error


def can_undo(issue: Issue) -> tuple[Revision | None, Revision | None]:
    """Return the revisions that undoing and redoing would take back and bring back."""
    head = issue.revisions.filter(number=issue.version).defer("state").first()
    if head is None:
        return None, None
    numbers = [head.shows, *head.undone[-1:]]
    found = {one.number: one for one in issue.revisions.filter(number__in=numbers).defer("state")}
    shown = found.get(head.shows)
    return (
        shown if shown and shown.before is not None else None,
        found.get(head.undone[-1]) if head.undone else None,
    )


def _show(
    issue: Issue,
    now: Draft,
    number: int,
    sent: Submission,
    *,
    act: Mapping[str, Any],
    undone: Sequence[int],
) -> Made:
    """Make the state of an earlier revision that of a new one."""
    then = replace(revisions.state(issue, number), version=now.version + 1)
    freezing.check_frozen(issue, now, then)
    return _keep(issue, now, then, sent, act=act, shows=number, undone=undone)


def _keep(
    issue: Issue,
    now: Draft,
    after: Draft,
    sent: Submission,
    *,
    act: Mapping[str, Any],
    shows: int | None = None,
    undone: Sequence[int] = (),
) -> Made:
    if freezing.is_signed(issue) and not sent.released:
        raise ActRefused(Refusal.SIGNED)
    head = issue.revisions.filter(number=now.version).defer("state").first()
    if head is None:
        storage.number(issue)
        head = revisions.record(issue, now, shows=now.version, at=issue.read_at or sent.at)
    saved = storage.save(issue, now, after, at=sent.at)
    revision = revisions.record(
        issue,
        saved,
        act=act,
        words=describing.words_of(act, before=now, after=saved),
        shows=saved.version if shows is None else shows,
        before=head.shows if shows is None else None,
        undone=list(undone),
        token=sent.token,
        made_by_id=sent.by,
        at=sent.at,
    )
    logger.info("issue %s: revision %s, %s", issue.pk, saved.version, act["act"])
    return Made(revision, now, saved)


def _once(issue: Issue, sent: Submission, do: Callable[[Issue, Draft], Made]) -> Made:
    """Lock an issue and `do` something with its draft, unless the same form did it before. Raises
    what `do` raises, and NotEditable."""
    with transaction.atomic():
        issue, now = locked(issue)
        again = _sent_before(issue, sent.token)
        return Made(again, now, now, new=False) if again else do(issue, now)


def _sent_before(issue: Issue, token: str) -> Revision | None:
    return issue.revisions.filter(token=token).first() if token else None
