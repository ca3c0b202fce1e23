"""The freezing of a published issue: its words alone may change, or nothing without a release."""

from __future__ import annotations

from issues.editing.document import Draft, DraftArticle
from issues.editing.refusals import ActRefused, Refusal
from issues.models import Issue


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
