"""Drafts: issues of which the sections and articles may still be changed."""

from __future__ import annotations

from issues.models import Issue


class NotADraft(Exception):
    """The issue is published: its mails lead to its articles, and show its sections."""


def lock(issue_id: int) -> Issue:
    """Lock a draft, so that nobody publishes it before the end of the transaction. Raises
    NotADraft."""
    drafts = Issue.objects.select_for_update().filter(status=Issue.Status.DRAFT)
    draft = drafts.filter(pk=issue_id).first()
    if draft is None:
        raise NotADraft
    return draft
