"""The history of an issue: acts are done one after the other, each state is kept, and any of them
comes back.

An editor's act names the version that the page showed. Others may have acted since: it is done
all the same, unless they changed the very words that it changes.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from msgspec.structs import replace

from issues.editing import describing, storage
from issues.editing.acts import Act
from issues.editing.applying import applied
from issues.editing.conflicts import check
from issues.editing.document import Draft, DraftArticle, Gone
from issues.editing.refusals import ActRefused, Refusal
from issues.editing.rereading import Step
from issues.models import ArticleState, Issue, Revision
from pdf_reading.issue_text import from_json, to_json

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
        check_frozen(issue, now, after)
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
        then = replace(state(issue, number), version=now.version + 1)
        check_frozen(issue, now, then)
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


def steps(issue: Issue) -> list[Step]:
    """Return the acts that led from the first reading to the present state, those that were undone
    left out. Two queries for each."""
    numbers: list[int] = []
    by_number = {one.number: one for one in issue.revisions.defer("state")}
    number = by_number[issue.version].shows if issue.version in by_number else None
    while number is not None:
        revision = by_number[number]
        act = revision.act or {}
        if act.get("act") == "restore":
            number = by_number[act["number"]].shows
            continue
        numbers.append(number)
        number = revision.before
    found = []
    for number in reversed(numbers):
        revision = by_number[number]
        if revision.before is not None and (done := _act(revision)) is not None:
            found.append(Step(done, state(issue, revision.before), state(issue, number)))
    return found


def _act(revision: Revision) -> Act | None:
    """Return the act of a revision, None where it was none, such as reading again."""
    try:
        act: Act = msgspec.convert(revision.act, Act)
    except msgspec.ValidationError:
        return None
    return act


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


def state(issue: Issue, number: int) -> Draft:
    """Return the draft as it was in a revision. Two queries. Raises Revision.DoesNotExist."""
    if number == issue.version and not issue.revisions.exists():
        return storage.load(issue)
    kept: dict[str, Any] = dict(issue.revisions.get(number=number).state)
    wanted = {one for section in kept["sections"] for one in section["articles"]}
    contents = dict(issue.article_states.filter(digest__in=wanted).values_list("digest", "content"))
    sections = [
        section | {"articles": [contents[one] for one in section["articles"]]}
        for section in kept["sections"]
    ]
    return from_json(kept | {"sections": sections, "version": number}, Draft)


def _base(issue: Issue, number: int) -> Draft:
    """Return the state that an editor saw. Raises Gone where there was none."""
    try:
        return state(issue, number)
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
    then = replace(state(issue, number), version=now.version + 1)
    check_frozen(issue, now, then)
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
    if is_signed(issue) and not sent.released:
        raise ActRefused(Refusal.SIGNED)
    head = issue.revisions.filter(number=now.version).defer("state").first()
    if head is None:
        storage.number(issue)
        head = _record(issue, now, shows=now.version, at=issue.read_at or sent.at)
    saved = storage.save(issue, now, after, at=sent.at)
    revision = _record(
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


def _record(issue: Issue, draft: Draft, *, at: datetime, **fields: Any) -> Revision:
    contents = {_digest(content): content for content in map(to_json, draft.articles)}
    ArticleState.objects.bulk_create(
        (ArticleState(issue=issue, digest=key, content=one) for key, one in contents.items()),
        ignore_conflicts=True,
        batch_size=500,
    )
    return Revision.objects.create(
        issue=issue, number=draft.version, state=_state(draft), made_at=at, **fields
    )


def _state(draft: Draft) -> dict[str, Any]:
    sections = [
        to_json(replace(section, articles=()))
        | {"articles": [_digest(to_json(article)) for article in section.articles]}
        for section in draft.sections
    ]
    state: dict[str, Any] = to_json(replace(draft, sections=()))
    return state | {"sections": sections}


def _digest(content: Mapping[str, Any]) -> str:
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def _once(issue: Issue, sent: Submission, do: Callable[[Issue, Draft], Made]) -> Made:
    """Lock an issue and `do` something with its draft, unless the same form did it before. Raises
    what `do` raises, and NotEditable."""
    with transaction.atomic():
        issue, now = locked(issue)
        again = _sent_before(issue, sent.token)
        return Made(again, now, now, new=False) if again else do(issue, now)


def _sent_before(issue: Issue, token: str) -> Revision | None:
    return issue.revisions.filter(token=token).first() if token else None


def is_signed(issue: Issue) -> bool:
    """Return whether nothing of an issue changes without the release of a second person: it is
    published, in a bulletin that asks for it."""
    return issue.status == Issue.Status.PUBLISHED and issue.bulletin.needs_sign_off


def check_frozen(issue: Issue, before: Draft, after: Draft) -> None:
    """Raise ActRefused where an issue is published, and more than words would change: its mails
    lead to its articles, and show its sections."""
    if issue.status == Issue.Status.PUBLISHED and _frame(before) != _frame(after):
        raise ActRefused(Refusal.PUBLISHED)


def _frame(draft: Draft) -> object:
    """Return what of an issue is frozen once it is published."""
    return (
        [
            (one.key, one.title, one.topic, one.not_for_mailing, [*map(_fixed, one.articles)])
            for one in draft.sections
        ],
        draft.remnants,
    )


def _fixed(article: DraftArticle) -> tuple[int, bool]:
    return article.key, article.not_for_mailing
