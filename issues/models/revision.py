"""The history of an issue: each state that it was in, who made it, and by which act."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue


class ArticleState(models.Model):
    """An article as it was in some revisions, kept once under the digest of its JSON; or a text in
    no article, or what was in the bin."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="article_states")
    digest = models.CharField(max_length=32)
    content = models.JSONField()

    class Meta:
        verbose_name = _("state of an article")
        verbose_name_plural = _("states of articles")
        constraints = [models.UniqueConstraint("issue", "digest", name="article_state_once")]

    def __str__(self) -> str:
        return self.digest


class Revision(models.Model):
    """A state of an issue. `number` counts its acts, 0 is what was read from the file.

    `state` is the draft as JSON, each of its parts by the digest of an `ArticleState`. `shows` is
    the revision of which it is the state again: after an undo an earlier one, else itself. `before`
    is the one that an undo goes back to, `undone` are those that redoing brings back, the next one
    last. `token` names the form by which it was made: one that is sent twice acts once.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    act = models.JSONField(null=True)
    words = models.JSONField(default=dict)
    state = models.JSONField()
    shows = models.PositiveIntegerField()
    before = models.PositiveIntegerField(null=True)
    undone = models.JSONField(default=list)
    token = models.CharField(max_length=40, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["issue", "-number"]
        constraints = [
            models.UniqueConstraint("issue", "number", name="revision_once"),
            models.UniqueConstraint(
                "issue",
                "token",
                condition=~models.Q(token=""),
                name="revision_once_a_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}.{self.number}"
