"""Publishing an issue: from then on everybody can read it, and its digest is under way."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from digests import audience
from digests.models import Digest
from issues.models import Article, Issue, Section

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """The issue cannot be published yet. `reasons` are sentences for the editor."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def publish(issue: Issue, *, at: datetime) -> Digest:
    """Publish a draft and open its digest; for an issue that is published, return its digest.

    Raises NotReady. Twice is once: the draft is published by the one who changes its status.
    """
    with transaction.atomic():
        draft = Issue.objects.filter(pk=issue.pk, status=Issue.Status.DRAFT)
        if draft.exists() and (reasons := obstacles(issue)):
            raise NotReady(reasons)
        if draft.update(status=Issue.Status.PUBLISHED, published_at=at):
            logger.info("issue %s published", issue.pk)
            return audience.open_digest(issue, at=at)
    try:
        return Digest.objects.without_corrections().of_issue(issue).get()
    except Digest.DoesNotExist:
        raise NotReady((_("Only a draft can be published."),)) from None


def obstacles(issue: Issue) -> tuple[str, ...]:
    """Return what keeps a draft from being published, as sentences in the language in force."""
    articles = Article.objects.filter(section__issue=issue)
    return tuple(
        sentence
        for hinders, sentence in (
            (not articles.exists(), _("The issue has no articles.")),
            (
                articles.filter(title="", passages=[]).exists(),
                _("An article has neither a headline nor a text."),
            ),
            *_unknown_sections(issue),
            (
                audience.too_many_topics(issue),
                _("The sections of one issue can be about at most %(most)d topics.")
                % {"most": audience.MAX_TOPICS},
            ),
        )
        if hinders
    )


def _unknown_sections(issue: Issue) -> list[tuple[bool, str]]:
    return [
        (
            True,
            _(
                "Nobody has said yet what the section “%(title)s” is about. Choose its topic, "
                "make a topic of it, or mark it as not for mailing."
            )
            % {"title": section},
        )
        for section in Section.objects.filter(issue=issue).unknown()
    ]
