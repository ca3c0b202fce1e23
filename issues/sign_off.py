"""Sign-off: what is published was released by somebody else than who submitted it, as it stands.

A release holds for one version of an issue and for the hash of its content, so that any change
asks anew, also one that went by no act.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from issues import content_hash
from issues.models import Issue, SignOff, SignOffRequest

logger = logging.getLogger(__name__)

PERMISSION = "issues.publish_issue"


class CannotDecide(Exception):
    """The submission cannot be released or returned by this person at this time."""


class DecidedBefore(CannotDecide):
    """Somebody decided it before, or it was taken back; `sign_off` says who and when."""

    def __init__(self, sign_off: SignOff) -> None:
        super().__init__()
        self.sign_off = sign_off


class ChangedSince(CannotDecide):
    """The issue is not as it was submitted any more."""


class SubmittedIt(CannotDecide):
    """The person submitted it, and cannot release it."""


class MayNot(CannotDecide):
    """This person has not, or not any more, the right to publish in the bulletin."""


class NothingToSubmit(Exception):
    """The issue is not in a state in which this can be released."""


def submit(
    issue: Issue,
    *,
    by: Any,
    asked: Iterable[Any],
    at: datetime,
    note: str = "",
    version: int | None = None,
    correction: Mapping[str, Any] | None = None,
) -> SignOff:
    """Submit an issue as it stands, or what was gathered of changes to a published one, or a
    `correction` by mail; what was submitted before is taken back by it. `version` is the one that
    the page showed. Twice is once. Raises NothingToSubmit, ChangedSince."""
    with transaction.atomic():
        issue = _locked(issue)
        if version is not None and version != issue.version:
            raise ChangedSince
        kind = _kind(issue, correction)
        before = SignOff.objects.filter(issue=issue, decision=SignOff.Decision.NONE).first()
        content = content_hash.of_issue(issue)
        found = SignOff(issue=issue, kind=kind, correction=dict(correction or {}), acts=[])
        if kind == SignOff.Kind.CHANGE:
            if before is None or before.kind != kind or not before.acts:
                raise NothingToSubmit
            if not is_of(before, issue):
                raise ChangedSince
            found.acts = before.acts
        if before is not None and _same(before, found, issue, content, by):
            return before
        SignOff.objects.filter(issue=issue, decision=SignOff.Decision.NONE).update(
            decision=SignOff.Decision.WITHDRAWN, decided_at=at
        )
        found.version, found.content = issue.version, content
        found.submitted_by, found.submitted_name = by, name_of(by)
        found.submitted_at, found.note = at, note
        found.save()
        SignOffRequest.objects.bulk_create(
            SignOffRequest(sign_off=found, user=user, due_at=at if user.email else None)
            for user in asked
        )
    logger.info("issue %s submitted: sign-off %s", issue.pk, found.pk)
    return found


def _same(before: SignOff, found: SignOff, issue: Issue, content: str, by: Any) -> bool:
    return (
        before.submitted_at is not None
        and (before.kind, before.acts, before.correction)
        == (found.kind, found.acts, found.correction)
        and (before.version, before.content) == (issue.version, content)
        and before.submitted_by_id == by.pk
    )


def gather(issue: Issue, act: Mapping[str, Any], *, by: Any, at: datetime) -> SignOff:
    """Add an act to the changes of a published issue that are to be submitted. What waited of them
    is taken back, and waits anew with it. Raises NothingToSubmit, ChangedSince."""
    with transaction.atomic():
        issue = _locked(issue)
        if issue.status != Issue.Status.PUBLISHED:
            raise NothingToSubmit
        before = SignOff.objects.filter(issue=issue, decision=SignOff.Decision.NONE).first()
        acts: list[Any] = []
        if before is not None:
            if before.kind == SignOff.Kind.CHANGE and is_of(before, issue):
                acts = before.acts
            take_back(before, by=by, at=at)
        found = SignOff.objects.create(
            issue=issue,
            kind=SignOff.Kind.CHANGE,
            version=issue.version,
            content=content_hash.of_issue(issue),
            acts=[*acts, dict(act)],
            submitted_by=by,
            submitted_name=name_of(by),
        )
    logger.info("issue %s: a change is gathered", issue.pk)
    return found


def ask_again(sign_off: SignOff, *, at: datetime) -> list[int]:
    """Make due the mails to those who are asked, got none, and for whom none is under way. Returns
    the keys of their requests."""
    rows = sign_off.requests.filter(mailed_at=None, due_at=None).exclude(user__email="")
    keys = list(rows.values_list("pk", flat=True))
    return [key for key in keys if rows.filter(pk=key).update(due_at=at)]


def take_back(sign_off: SignOff, *, by: Any, at: datetime) -> bool:
    """Take back what was submitted or gathered. Returns False if it was decided already."""
    waiting = SignOff.objects.filter(pk=sign_off.pk, decision=SignOff.Decision.NONE)
    return bool(
        waiting.update(
            decision=SignOff.Decision.WITHDRAWN,
            decided_at=at,
            decided_by=by,
            decided_name=name_of(by),
        )
    )


def decide(
    sign_off: SignOff,
    *,
    by: Any,
    released: bool,
    at: datetime,
    word: str = "",
    by_link: bool = False,
) -> SignOff:
    """Release or return what was submitted, in the caller's transaction, which has the issue locked
    from then on. Raises DecidedBefore, SubmittedIt, MayNot, ChangedSince."""
    issue = _locked(sign_off.issue)
    found = SignOff.objects.select_related("issue__bulletin").get(pk=sign_off.pk)
    found.issue = issue
    check(found, by=by)
    decision = SignOff.Decision.RELEASED if released else SignOff.Decision.RETURNED
    waiting = SignOff.objects.waiting().filter(pk=found.pk)
    found.decision, found.decided_by, found.decided_name = decision, by, name_of(by)
    found.decided_at, found.word, found.by_link = at, word, by_link
    found.answer_due_at = at if found.submitted_by and found.submitted_by.email else None
    names = (
        "decision", "decided_by", "decided_name", "decided_at", "word", "by_link", "answer_due_at",
    )  # fmt: skip
    if not waiting.update(**{name: getattr(found, name) for name in names}):
        raise DecidedBefore(SignOff.objects.get(pk=found.pk))
    logger.info("sign-off %s of issue %s: %s", found.pk, issue.pk, decision)
    return found


def check(sign_off: SignOff, *, by: Any) -> None:
    """Raise what `decide` would raise now."""
    if sign_off.decision != SignOff.Decision.NONE:
        raise DecidedBefore(sign_off)
    if sign_off.submitted_at is None:
        raise ChangedSince
    if sign_off.submitted_by_id == by.pk:
        raise SubmittedIt
    if not (by.is_active and by.is_staff and by.has_perm(PERMISSION, sign_off.issue)):
        raise MayNot
    if not is_of(sign_off, sign_off.issue):
        raise ChangedSince


def is_of(sign_off: SignOff, issue: Issue) -> bool:
    """Return whether an issue is as it was when that was submitted."""
    editable = (
        {Issue.Status.DRAFT} if sign_off.kind == SignOff.Kind.DRAFT else {Issue.Status.PUBLISHED}
    )
    return (
        issue.status in editable
        and sign_off.version == issue.version
        and sign_off.content == content_hash.of_issue(issue)
    )


def open_of(issue: Issue) -> SignOff | None:
    """Return what waits, or is gathered."""
    rows = SignOff.objects.filter(issue=issue, decision=SignOff.Decision.NONE)
    found = rows.first()
    if found is not None:
        found.issue = issue
    return found


def release_of(issue: Issue) -> SignOff | None:
    """Return the release of an issue exactly as it stands; None where there is none."""
    releases = SignOff.objects.filter(
        issue=issue,
        kind=SignOff.Kind.DRAFT,
        decision=SignOff.Decision.RELEASED,
        version=issue.version,
    )
    if not releases:
        return None
    content = content_hash.of_issue(issue)
    return next((one for one in releases if one.content == content), None)


def was_released(issue: Issue) -> bool:
    """Return whether any version of a draft was released."""
    return SignOff.objects.filter(
        issue=issue, kind=SignOff.Kind.DRAFT, decision=SignOff.Decision.RELEASED
    ).exists()


def last_seen(issue: Issue, user: Any, *, before: SignOff | None = None) -> int | None:
    """Return the version of the issue that somebody was asked about, or decided on, last."""
    asked = SignOff.objects.filter(issue=issue, requests__user=user) | SignOff.objects.filter(
        issue=issue, decided_by=user
    )
    if before is not None:
        asked = asked.filter(pk__lt=before.pk)
    return asked.order_by("-pk").values_list("version", flat=True).first()


def name_of(user: Any) -> str:
    """Return how somebody is named in the history."""
    return str(user.get_full_name() or user.get_username())[:150]


def _kind(issue: Issue, correction: Mapping[str, Any] | None) -> str:
    if issue.status == Issue.Status.DRAFT and not correction:
        return SignOff.Kind.DRAFT
    if issue.status == Issue.Status.PUBLISHED:
        return SignOff.Kind.CORRECTION if correction else SignOff.Kind.CHANGE
    raise NothingToSubmit


def _locked(issue: Issue) -> Issue:
    rows = Issue.objects.select_for_update(of=("self",)).select_related("bulletin")
    return rows.get(pk=issue.pk)
