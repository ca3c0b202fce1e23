"""One mailing to the readers of a bulletin, or of what was wrong in one."""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypedDict

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.link_keys import link_key_field
from issues.models.article import Article
from issues.models.issue import Issue
from issues.models.section import Section, SectionQuerySet
from publications.models import Bulletin

DIGEST, CORRECTION = "digest", "correction"
_MAILED = ("sent", "failed", "uncertain")


class LogKeys(TypedDict):
    """The words of `audit_log.recording.record` that name a digest."""

    publication: int
    issue: int
    subject: str


class DigestQuerySet(models.QuerySet["Digest"]):
    """Questions to the digests."""

    def unfinished(self) -> Self:
        """Return those that still have something to do, oldest first."""
        return self.filter(finished_at__isnull=True).order_by("opened_at", "pk")

    def without_corrections(self) -> Self:
        """Return those that correct no other."""
        return self.filter(corrects__isnull=True)

    def of_issue(self, issue: Issue | int) -> Self:
        """The digest of that issue, and its corrections; none that was taken back."""
        return self.filter(issue=issue, taken_back_at=None)

    def withdrawn(self) -> Self:
        """Return those whose issue was withdrawn since they were opened: nobody is to get more."""
        return self.filter(
            issue__status=Issue.Status.WITHDRAWN, issue__withdrawn_at__gte=F("opened_at")
        )

    def with_titles(self) -> Self:
        """Return each with what its title needs, and with its bulletin; no further query."""
        return self.select_related("bulletin", "issue__bulletin")


class Digest(models.Model):
    """One mailing to the readers of a `bulletin`: of an `issue`, or of what was wrong in it.

    What it holds is asked of the digest: `title`, `issues`, `mailed_sections()`, `articles()`.
    So nothing else depends on how many issues there are in a digest.

    Who gets what was written down between `opened_at` and `prepared_at`; `prepared_to` is the
    last reader of whom it was, so that a crash half way costs nothing. `topics` are the ids of the
    topics of its sections, in the order of the bits of each edition's topic mask. `excluded`
    counts, by reason, who got nothing. `blocks` are the pieces of its mails, by language
    (`digests.rendering`). `restored_at` says when it was paused because the database turned out
    to come from a backup; None again when somebody has resumed it. `pruned` counts, by status, the
    deliveries that were pruned. `outcome` is what became of all once it was finished: `counts` by
    status, of the `reasons` and `smtp_responses` the most frequent ones. `failure` says why it
    cannot go on. One that was taken back before its first mail left is cancelled too, and is the
    digest of its issue no more. `link_key` is what the links and return paths of its deliveries
    carry, from when it is prepared on.

    A correction `corrects` the digest of its issue: `corrected` are the ids of the articles that
    were wrong, in ascending order and joined by commas, `remark` is what the editor says.
    """

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="digests", verbose_name=_("bulletin")
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, related_name="digests", verbose_name=_("issue")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name=_("corrects")
    )
    corrected = models.CharField(_("corrected articles"), max_length=255, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    prepared_to = models.BigIntegerField(default=0)
    candidates = models.PositiveIntegerField(_("readers"), default=0)
    excluded = models.JSONField(default=dict, editable=False)
    prepared_at = models.DateTimeField(_("prepared"), null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    restored_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    topics = models.JSONField(default=list, editable=False)
    blocks = models.JSONField(default=dict, editable=False)
    pruned = models.JSONField(default=dict, editable=False)
    outcome = models.JSONField(default=dict, editable=False)
    failure = models.TextField(_("failure"), blank=True)
    link_key = link_key_field()

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "issue",
                condition=Q(corrects=None, taken_back_at=None),
                name="digest_once_an_issue",
            ),
            models.UniqueConstraint("corrects", "corrected", "remark", name="correction_once"),
        ]

    def __str__(self) -> str:
        if self.kind == CORRECTION:
            return gettext("Correction: %(subject)s") % {"subject": self.title}
        return self.title

    @classmethod
    def draft(cls, issue: Issue, *, at: datetime) -> Self:
        """Return the digest that publishing `issue` at `at` opens, not stored. One query."""
        draft = cls(bulletin=issue.bulletin, issue=issue, opened_at=at)
        draft.topics = draft.mailed_sections().topic_ids()
        return draft

    @property
    def kind(self) -> str:
        """DIGEST or CORRECTION; its templates have that name."""
        return DIGEST if self.corrects_id is None else CORRECTION

    @property
    def title(self) -> str:
        """The title of its issue, or that of the digest that it corrects."""
        return str(self.issue)

    @property
    def issues(self) -> QuerySet[Issue]:
        """The issues that it is about."""
        return Issue.objects.filter(pk=self.issue_id)

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about it is found, and its name."""
        return {"publication": self.bulletin_id, "issue": self.issue_id, "subject": self.title}

    def mailed_sections(self) -> SectionQuerySet:
        """The sections of its issues that can stand in a digest."""
        return Section.objects.filter(issue=self.issue_id).mailed()

    def articles(self) -> QuerySet[Article]:
        """The articles of those sections that were not withdrawn before; of a correction, those
        that were wrong."""
        articles = Article.objects.filter(section__in=self.mailed_sections())
        if self.kind == CORRECTION:
            return articles.filter(pk__in=self.corrected_articles)
        return articles.mailed().exclude(withdrawn_at__lte=self.opened_at)

    def withdrawn_articles(self) -> frozenset[int]:
        """Return the ids of its articles that were withdrawn since it was opened. One query."""
        since = Article.objects.filter(
            section__issue=self.issue_id, withdrawn_at__gt=self.opened_at
        )
        return frozenset(since.order_by().values_list("pk", flat=True))

    @property
    def was_mailed(self) -> bool:
        """Whether a mail server may have a mail of it, as far as is known once it is finished."""
        counts = self.outcome.get("counts", {})
        return bool(self.pruned) or any(counts.get(status) for status in _MAILED)

    @property
    def corrected_articles(self) -> tuple[int, ...]:
        """The ids of the articles that were wrong."""
        return tuple(int(pk) for pk in self.corrected.split(",") if pk)
