"""That a reader is still to be told of an issue, or of an article that was put back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from issues.models import Article, Issue
from subscribers.models import Subscriber


class PendingIssue(models.Model):
    """An issue that comes with the next mail of a reader: it appeared between two of their weekly
    or monthly mails or while they had paused, or their mail of it failed or was skipped.

    A row is deleted in the transaction that writes down the delivery which tells of it. `later`
    says that it waits for the reader's weekly or monthly mail; `announcing` that they followed
    nothing in it, or no keyword alert of theirs matched, when they were asked: it comes with
    another mail, for the topics that it announces, and no mail is opened for it.
    """

    # No constraints in the database, for the reason that deliveries have none: a million rows are
    # written at a time, by statements that take these keys from their tables.
    subscriber = models.ForeignKey(
        Subscriber,
        models.CASCADE,
        related_name="pending_issues",
        db_index=False,
        db_constraint=False,
    )
    issue = models.ForeignKey(
        Issue, models.CASCADE, related_name="pending_readers", db_constraint=False
    )

    later = models.BooleanField(default=False, db_default=False)
    announcing = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("pending issue")
        verbose_name_plural = _("pending issues")
        ordering = ["subscriber", "issue"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("subscriber", "issue", name="pending_issue_once_a_reader")
        ]
        # Asked while an editor publishes: few rows, beside those of all readers of weekly mails.
        indexes = [
            models.Index(fields=["issue"], name="pending_issue_now", condition=Q(later=False))
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} ← {self.issue_id}"


class PendingArticle(models.Model):
    """An article that was put back, and comes with the next mail of a reader: they were told of its
    issue while it was withdrawn.

    A row is deleted in the transaction that writes down the delivery which tells of it, with its
    issue or alone.
    """

    subscriber = models.ForeignKey(
        Subscriber,
        models.CASCADE,
        related_name="pending_articles",
        db_index=False,
        db_constraint=False,
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="pending_readers", db_constraint=False
    )

    class Meta:
        verbose_name = _("pending article")
        verbose_name_plural = _("pending articles")
        ordering = ["subscriber", "article"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("subscriber", "article", name="pending_article_once_a_reader")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} ← {self.article_id}"
