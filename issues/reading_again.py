"""Reading an issue again, with the parser of today or from other files: compared with the draft,
taken or not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from msgspec.structs import replace

from issues import importing
from issues.editing import history, revisions
from issues.editing.acts import Act
from issues.editing.document import Draft
from issues.editing.history import Made, Submission
from issues.editing.rereading import Replayed, aligned, replayed
from issues.intake import reading
from issues.intake.errors import Unreadable
from issues.intake.joining import joined
from issues.models import Issue, IssueFile, Rereading
from pdf_reading.issue_text import from_json, to_json

logger = logging.getLogger(__name__)


class NothingRead(Exception):
    """There is no new reading of the issue."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft of today's reading with what was done to the former one, and the acts of that which
    are about words that are gone."""

    draft: Draft
    lost: tuple[Act, ...]


def ask(issue: Issue, *, at: datetime, files: Sequence[IssueFile] = ()) -> None:
    """Ask for a new reading, in place of one that was asked for before: of these files in order,
    or of those that the issue is made from."""
    Rereading.objects.update_or_create(
        issue=issue,
        defaults={
            "asked_at": at,
            "reading_at": None,
            "read_at": None,
            "files": [file.pk for file in files or issue.files.in_use()],
            "draft": None,
            "failure": "",
        },
    )


def files_of(rereading: Rereading) -> list[IssueFile]:
    """Return the files that are read again, in order."""
    found = rereading.issue.files.select_related("bulletin").in_bulk(rereading.files)
    return [found[pk] for pk in rereading.files if pk in found]


def read(rereading: Rereading, *, at: datetime) -> None:
    """Read the files of a draft, and keep what they say beside it. Costs what reading costs; does
    nothing where somebody else reads them, or did."""
    before = at - timedelta(seconds=2 * settings.READING_SECONDS)
    mine = Rereading.objects.unread(before=before).filter(pk=rereading.pk)
    if not mine.update(reading_at=at):
        return
    issue = rereading.issue
    files = files_of(rereading)
    try:
        text = joined([reading.read_file(file) for file in files])
    except Unreadable as error:
        _finish(rereading, at=at, failure=error.reason)
        return
    draft = replace(importing.draft_of(issue, text), files=tuple(file.pk for file in files))
    _finish(rereading, at=at, draft=to_json(draft), warnings=text.warnings)
    logger.info("issue %s read again", issue.pk)


def candidate(issue: Issue) -> Candidate:
    """Return the new reading with what was done to the former one. Raises NothingRead."""
    rereading = Rereading.objects.filter(issue=issue, draft__isnull=False).first()
    if rereading is None:
        raise NothingRead
    again = _replayed(issue, from_json(rereading.draft, Draft))
    return Candidate(again.draft, again.lost)


def take(issue: Issue, sent: Submission) -> Made:
    """Make the new reading the draft, what was corrected by hand kept. It can be undone.

    Raises NothingRead, ActRefused where the issue is published, NotEditable.
    """
    rereading = Rereading.objects.filter(issue=issue, draft__isnull=False).first()
    if rereading is None:
        raise NothingRead
    fresh = from_json(rereading.draft, Draft)
    made = history.take_over(
        issue, lambda locked, _now: _replayed(locked, fresh).draft, {"act": "read_again"}, sent
    )
    if made.new:
        Issue.objects.filter(pk=issue.pk).update(warnings=rereading.warnings)
        rereading.delete()
    return made


def _replayed(issue: Issue, fresh: Draft) -> Replayed:
    steps = revisions.steps(issue)
    base = steps[0].before if steps else revisions.state(issue, issue.version)
    return replayed(steps, aligned(fresh, base))


def _finish(rereading: Rereading, *, at: datetime, **fields: object) -> None:
    Rereading.objects.filter(pk=rereading.pk).update(read_at=at, **fields)
