"""An issue, or one article of it, in a digest beside the digest's own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from issues.models.article import Article
from issues.models.issue import Issue


class CarriedIssue(models.Model):
    """An issue in a digest beside the digest's own: some of its readers have not been told of it;
    or that `article` of it alone, which was put back after they were. `position` is its bit in
    `Edition.issue_mask`."""

    digest = models.ForeignKey("digests.Digest", models.CASCADE, related_name="carried_issues")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="carried_by")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="carried_by")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("further issue of a digest")
        verbose_name_plural = _("further issues of digests")
        ordering = ["digest", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "digest", "issue", condition=Q(article=None), name="carried_issue_once"
            ),
            models.UniqueConstraint("digest", "article", name="carried_article_once"),
            models.UniqueConstraint("digest", "position", name="carried_issue_has_a_bit"),
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}.{self.position}"
