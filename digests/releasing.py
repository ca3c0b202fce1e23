"""The effects of a release: a draft can be published from then on; changes of what is published
are made, and a correction is opened, in the transaction of the release."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from audit_log.recording import record_act
from digests import audience, publishing
from digests.models import Digest
from issues import sign_off as signing_off
from issues.editing import freezing, history, revisions, storage
from issues.editing.acts import Act, Several
from issues.editing.applying import applied
from issues.editing.document import Draft
from issues.editing.history import Submission
from issues.models import Issue, SignOff
from pdf_reading.issue_text import to_json


class Decided(NamedTuple):
    """The result: what was decided, and the correction that it opened."""

    sign_off: SignOff
    correction: Digest | None = None


def submit(issue: Issue, *, by: Any, at: datetime, **more: Any) -> SignOff:
    """Submit, as `issues.sign_off.submit`, and write it into the log."""
    with transaction.atomic():
        found = signing_off.submit(issue, by=by, at=at, **more)
        if found.submitted_at == at:
            _record("issue.submitted", found, by=by, at=at, after={"note": found.note})
    return found


def gather(issue: Issue, act: Act, *, by: Any, at: datetime) -> SignOff | None:
    """Gather a change of a published issue, and write it into the log. What was gathered is taken
    back by a change after which readers would see what they see: None then. Raises what
    `issues.sign_off.gather` does, and Gone and ActRefused for what could not be done."""
    with transaction.atomic():
        issue, live = history.locked(issue)
        changes, draft = changes_of(issue), as_edited(issue)
        after = applied(draft, act)
        freezing.check_frozen(issue, draft, after)
        if changes is not None and msgspec.structs.replace(after, version=live.version) == live:
            take_back(changes, by=by, at=at)
            return None
        found = signing_off.gather(issue, to_json(act), by=by, at=at)
        _record("change.gathered", found, by=by, at=at, after={"acts": len(found.acts)})
    return found


def take_back(sign_off: SignOff, *, by: Any, at: datetime) -> bool:
    """Take back what was submitted or gathered, and write it into the log."""
    with transaction.atomic():
        taken = signing_off.take_back(sign_off, by=by, at=at)
        if taken:
            _record("submission.taken_back", sign_off, by=by, at=at)
    return taken


def release(
    sign_off: SignOff, *, by: Any, at: datetime, word: str = "", by_link: bool = False
) -> Decided:
    """Release what was submitted, and do what that brings about.

    Raises what `issues.sign_off.decide` does, what `issues.editing.history.perform` does, and
    `digests.audience.StillSending`; nothing is decided then.
    """
    with transaction.atomic():
        found = signing_off.decide(
            sign_off, by=by, released=True, at=at, word=word, by_link=by_link
        )
        _record("issue.released", found, by=by, at=at, after={"word": word, "by_link": by_link})
        if found.kind == SignOff.Kind.CHANGE:
            sent = Submission(
                by=found.submitted_by_id, made_from=found.version, at=at, released=True
            )
            history.perform(found.issue, act_of(found), sent)
        if found.kind == SignOff.Kind.CORRECTION:
            correction, _new = publishing.correct(correction_of(found, at=at), released=True)
            return Decided(found, correction)
        return Decided(found)


def send_back(
    sign_off: SignOff, *, by: Any, at: datetime, word: str, by_link: bool = False
) -> Decided:
    """Return what was submitted, with a word. Raises what `issues.sign_off.decide` does."""
    with transaction.atomic():
        found = signing_off.decide(
            sign_off, by=by, released=False, at=at, word=word, by_link=by_link
        )
        _record("issue.returned", found, by=by, at=at, after={"word": word, "by_link": by_link})
    return Decided(found)


def as_edited(issue: Issue) -> Draft:
    """Return the draft as its editors go on with it: with the changes of what is published that are
    gathered, or wait for a release."""
    changes = changes_of(issue)
    if changes is None:
        return storage.load(issue)
    return msgspec.structs.replace(proposed(changes), version=issue.version)


def changes_of(issue: Issue) -> SignOff | None:
    """Return the changes of what is published that no reader sees yet; None where there are
    none."""
    found = signing_off.open_of(issue) if freezing.is_signed(issue) else None
    is_change = found is not None and found.kind == SignOff.Kind.CHANGE
    return found if found is not None and is_change and signing_off.is_of(found, issue) else None


def awaiting(issue: Issue) -> frozenset[int]:
    """Return the keys of the articles of which readers still see the words that were released."""
    if changes_of(issue) is None:
        return frozenset()
    live = {one.key: one for one in storage.load(issue).articles}
    return frozenset(one.key for one in as_edited(issue).articles if one != live.get(one.key))


def act_of(sign_off: SignOff) -> Act:
    """Return the changes that were gathered, as one act."""
    acts = [msgspec.convert(one, Act) for one in sign_off.acts]
    return acts[0] if len(acts) == 1 else Several(tuple(acts))


def proposed(sign_off: SignOff) -> Draft:
    """Return the state that an issue would be in after a release. Raises what an act does, and
    `issues.models.Revision.DoesNotExist`."""
    then = revisions.state(sign_off.issue, sign_off.version)
    return applied(then, act_of(sign_off)) if sign_off.acts else then


def correction_of(sign_off: SignOff, *, at: datetime) -> Digest:
    """Return the correction that was submitted, not stored."""
    digests = Digest.objects.without_corrections().of_issue(sign_off.issue).defer("blocks", "texts")
    found = digests.select_related("bulletin").get()
    articles = sign_off.correction["articles"]
    return audience.drafted(found, articles=articles, remark=sign_off.correction["remark"], at=at)


def _record(act: str, of: SignOff, *, by: Any, at: datetime, after: Any = None) -> None:
    record_act(
        act,
        by=by,
        at=at,
        after={"version": of.version, "what": of.kind, **(after or {})},
        **of.issue.log_keys,
    )
