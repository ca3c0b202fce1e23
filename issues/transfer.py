"""Moving a draft to another bulletin: with its file and pictures, its topics matched anew."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction

from issues.editing import history
from issues.editing.acts import FileSection, Several
from issues.editing.history import Submission
from issues.models import Issue, IssueFile, Section
from issues.models.issue import figure_path
from issues.models.issue_file import pages_path
from publications.models import Bulletin, Topic, key_of

logger = logging.getLogger(__name__)


class NotADraft(Exception):
    """The issue is published, and mails lead to it; or it is not read, or in the bin."""


class AlreadyThere(Exception):
    """The bulletin has an issue from the same file: `issue`."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.pk)
        self.issue = issue


def transfer(issue: Issue, bulletin: Bulletin, sent: Submission) -> None:
    """Make a draft one of `bulletin`. A section gets the topic there that its title names, or else
    the one that is called as its topic was; nobody knows yet what the others are about. The time
    at which it was to be published is taken back: it is to be looked at again.

    Raises AlreadyThere and NotADraft.
    """
    with transaction.atomic():
        drafts = Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT)
        draft = drafts.select_for_update(of=("self",)).select_related("bulletin").first()
        if draft is None:
            raise NotADraft
        if draft.bulletin_id == bulletin.pk:
            return
        files = list(draft.files.select_related("bulletin"))
        hashes = [file.sha256 for file in files]
        same = IssueFile.objects.filter(bulletin=bulletin, sha256__in=hashes)
        if there := same.select_related("issue__bulletin").first():
            raise AlreadyThere(there.issue)
        before, pages = _pictures(draft), [pages_path(file) for file in files]
        draft.files.update(bulletin=bulletin)
        drafts.update(
            bulletin=bulletin, publish_at=None, web_only=False, missed_at=None, obstacles=[]
        )
        draft.bulletin = bulletin
        if acts := tuple(_filed(draft, bulletin)):
            history.perform(draft, Several(acts), replace(sent, made_from=draft.version))
        _copy(before, draft)
        now = [pages_path(file) for file in draft.files.select_related("bulletin")]
        transaction.on_commit(lambda: _clear(before, dict(zip(pages, now, strict=True))))
    logger.info("issue %s is moved to bulletin %s", draft.pk, bulletin.pk)


def _filed(draft: Issue, bulletin: Bulletin) -> Iterator[FileSection]:
    """Yield an act for each section that gets another topic."""
    topics = Topic.objects.by_key(bulletin)
    for section in draft.sections.select_related("topic"):
        topic = _match(section, topics)
        if not section.not_for_mailing and section.topic != topic:
            yield FileSection(section.pk, topic=topic.pk if topic else None)


def _match(section: Section, topics: dict[str, Topic]) -> Topic | None:
    names = [section.title, *(section.topic.names if section.topic else ())]
    return next((topics[key] for name in names if (key := key_of(name)) in topics), None)


def _pictures(issue: Issue) -> list[str]:
    """Return where the pictures of an issue are kept."""
    folder = figure_path(issue, "")
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [figure_path(issue, name) for name in names]


def _copy(pictures: list[str], issue: Issue) -> None:
    """Keep pictures where those of `issue` are kept now; a name says what is in its file."""
    for path in pictures:
        there = figure_path(issue, PurePosixPath(path).name)
        if not default_storage.exists(there):
            with default_storage.open(path) as file:
                default_storage.save(there, file)


def _clear(pictures: list[str], pages: dict[str, str]) -> None:
    """Delete the pictures where they were, and take the images of the pages along."""
    for path in pictures:
        default_storage.delete(path)
    for before, now in pages.items():
        there = Path(default_storage.path(now))
        there.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # none were made yet; those that are missing are made on demand
            Path(default_storage.path(before)).rename(there)
