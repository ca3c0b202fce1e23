"""One mailing to the readers of a bulletin, or of what was wrong in one."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from digests.models.carried_issue import CarriedIssue
from foundation.link_keys import link_key_field
from issues.models.article import Article
from issues.models.issue import Issue
from issues.models.section import Section, SectionQuerySet
from publications.models import Bulletin, Topic

DIGEST, CORRECTION = "digest", "correction"
MAX_NEW_TOPICS = 10  # that one issue announces
_MAILED = ("sent", "failed", "uncertain")
EDITIONS = "editions"  # in `Digest.pruned`, beside the names of statuses


class Occasion(models.TextChoices):
    """The occasion on which a digest is opened."""

    ISSUE = "issue", _("an issue")
    WEEKLY = "weekly", _("weekly digest")
    MONTHLY = "monthly", _("monthly digest")
    CATCH_UP = "catch-up", _("catching up after a pause")
    WELCOME = "welcome", _("first digest of new readers")


class DigestQuerySet(models.QuerySet["Digest"]):
    """Questions to the digests."""

    def unfinished(self) -> Self:
        """Return those that still have something to do, oldest first."""
        return self.filter(finished_at__isnull=True).order_by("opened_at", "pk")

    def without_corrections(self) -> Self:
        """Return those that correct no other."""
        return self.filter(corrects__isnull=True)

    def with_issue(self, issue: Issue | int) -> Self:
        """Return those in which articles of that issue stand; no correction, and none that was
        taken back."""
        carried = CarriedIssue.objects.filter(issue=issue, digest=OuterRef("pk"))
        return self.without_corrections().filter(
            Q(issue=issue) | Q(Exists(carried)), taken_back_at=None
        )

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
    """One mailing to the readers of a `bulletin`: of an `issue`, of what was wrong in it, or, on
    another `occasion`, of issues that its readers have not been told of.

    What it holds is asked of the digest: `title`, `issue_ids`, `mailed_sections()`, `articles()`.
    So nothing else depends on how many issues there are in a digest. One without an issue of its
    own has those that it carries alone (`CarriedIssue`); `due_at` is when a weekly
    or monthly one was due, by the bulletin's clock.

    Who gets what was written down between `opened_at` and `prepared_at`; `prepared_to` is the
    last reader of whom it was, so that a crash half way costs nothing. `topics` are the ids of the
    topics of its sections, in the order of the bits of each edition's topic mask; `new_topics` are
    those of the bulletin that are announced with its own issue. `excluded` counts, by reason, who
    got nothing. `blocks` are the pieces of its mails, by language (`digests.rendering`), `texts`
    the ids of their articles in the order of the issue, each with what it says, in which phrases
    are looked for. `restored_at` says when it was paused because the database turned out to come
    from a backup; None again when somebody has resumed it. `pruned` counts, by status, the
    deliveries that were pruned, and how many editions were. `outcome` is what became of all once it
    was finished: `counts` by status, of the `reasons` and `smtp_responses` the most frequent ones.
    `failure` says why it cannot go on. One that was taken back before its first mail left is
    cancelled too, and is the digest of its issue no more. `link_key` is what the links and return
    paths of its deliveries carry, from when it is prepared on.

    A correction `corrects` the digest of its issue: `corrected` are the ids of the articles that
    were wrong, in ascending order and joined by commas, `remark` is what the editor says.
    """

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="digests", verbose_name=_("bulletin")
    )
    occasion = models.CharField(
        _("occasion"),
        max_length=8,
        choices=Occasion,
        default=Occasion.ISSUE,
        db_default=Occasion.ISSUE,
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, related_name="digests", verbose_name=_("issue")
    )
    due_at = models.DateTimeField(_("due"), null=True)
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
    new_topics = models.JSONField(default=list, db_default=[], editable=False)
    blocks = models.JSONField(default=dict, editable=False)
    texts = models.JSONField(default=list, db_default=[], editable=False)
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
            models.UniqueConstraint(
                "bulletin",
                "occasion",
                "due_at",
                condition=Q(due_at__isnull=False),
                name="digest_once_when_due",
            ),
            models.CheckConstraint(
                condition=Q(occasion=Occasion.ISSUE, issue__isnull=False)
                | ~Q(occasion=Occasion.ISSUE) & Q(issue=None),
                name="digest_of_an_issue_has_one",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == CORRECTION:
            return gettext("Correction: %(subject)s") % {"subject": self.title}
        return self.title

    @classmethod
    def draft(cls, issue: Issue, *, at: datetime) -> Self:
        """Return the digest that publishing `issue` at `at` opens, not stored. Three queries at
        most."""
        draft = cls(bulletin=issue.bulletin, issue=issue, opened_at=at)
        draft.topics = draft.mailed_sections().topic_ids()
        draft.new_topics = draft._to_announce()
        return draft

    def _to_announce(self) -> list[int]:
        """The ids of the topics that the bulletin offers since its first digest, and that no other
        issue announced, the oldest first: MAX_NEW_TOPICS at most, others with the next issue."""
        before = Digest.objects.filter(
            bulletin=self.bulletin_id,
            occasion=Occasion.ISSUE,
            corrects=None,
            taken_back_at=None,
            opened_at__lte=self.opened_at,
        )
        first = before.order_by("opened_at").values("opened_at")[:1]
        offered = Topic.objects.filter(
            bulletin=self.bulletin_id,
            retired_at=None,
            offered_at__gt=Subquery(first),
            offered_at__lte=self.opened_at,
        ).order_by("offered_at", "pk")
        if not (topics := list(offered.values_list("pk", flat=True))):
            return []
        announced = set(chain(*before.exclude(new_topics=[]).values_list("new_topics", flat=True)))
        return [pk for pk in topics if pk not in announced][:MAX_NEW_TOPICS]

    def announced(self) -> dict[int, int]:
        """Return the topics that its issues announce, in their order, each with the mask of these
        issues; none to new readers, who saw all when they signed up. Two queries at most.

        So who is told of an issue, whenever that is, is told of its topics, and of both once.
        """
        if self.occasion == Occasion.WELCOME or self.kind == CORRECTION:
            return {}
        of_issues = Digest.objects.filter(
            issue__in=self.issue_ids, corrects=None, taken_back_at=None
        )
        by_issue = dict(of_issues.exclude(new_topics=[]).values_list("issue", "new_topics"))
        if self.issue_id is not None:
            by_issue[self.issue_id] = self.new_topics
        masks: dict[int, int] = {}
        for n, issue in enumerate(self.issue_ids):
            for topic in by_issue.get(issue, ()):
                masks[topic] = masks.get(topic, 0) | 1 << n
        offered = Topic.objects.filter(pk__in=masks, retired_at=None) if masks else ()
        offered_ids = {topic.pk for topic in offered}
        return {topic: mask for topic, mask in masks.items() if topic in offered_ids}

    @property
    def kind(self) -> str:
        """DIGEST or CORRECTION; its templates have that name."""
        return DIGEST if self.corrects_id is None else CORRECTION

    @property
    def title(self) -> str:
        """The title of its issue, or of that of the digest that it corrects; else the occasion, and
        the day."""
        if self.issue_id is not None:
            return str(self.issue)
        day = timezone.localtime(self.due_at or self.opened_at, self.bulletin.zone)
        return f"{self.get_occasion_display()}, {date_format(day, 'DATE_FORMAT')}"

    @property
    def own_issue(self) -> Issue:
        """The issue that it was opened for, also of a correction. Raises ValueError for a digest of
        another occasion."""
        if self.issue is None:
            raise ValueError(f"digest {self.pk} was not opened for an issue")
        return self.issue

    @cached_property
    def issue_ids(self) -> tuple[int, ...]:
        """The ids of its issues, in the order of the bits of an issue mask: its own, then those
        that it carries as a whole."""
        own = () if self.issue_id is None else (self.issue_id,)
        return (*own, *(each.issue_id for each in self._carried if each.article_id is None))

    @cached_property
    def put_back(self) -> dict[int, int]:
        """The bits of the articles that it carries alone, by their ids: they were put back after
        some readers were told of their issue without them. These bits come after those of the
        issues."""
        return {
            each.article_id: each.position for each in self._carried if each.article_id is not None
        }

    @cached_property
    def held_issues(self) -> tuple[int, ...]:
        """The ids of the issues of which articles stand in it, in their order."""
        own = () if self.issue_id is None else (self.issue_id,)
        return tuple(dict.fromkeys([*own, *(each.issue_id for each in self._carried)]))

    @cached_property
    def _carried(self) -> list[CarriedIssue]:
        if self._state.adding:
            return []
        return sorted(self.carried_issues.all(), key=attrgetter("position"))

    def forget_carried(self) -> None:
        """Have what it carries be asked for anew."""
        for name in ("_carried", "issue_ids", "put_back", "held_issues"):
            vars(self).pop(name, None)

    def bits_of(self, article: int, issue: int) -> tuple[int, ...]:
        """Return the bits of an issue mask by which a reader is told of an article of that
        issue."""
        whole = (n for n, one in enumerate(self.issue_ids) if one == issue)
        alone = (bit for bit in [self.put_back.get(article)] if bit is not None)
        return (*whole, *alone)

    @property
    def own_mask(self) -> int:
        """The issue mask of who is told of its own issue, and of no other."""
        return 0 if self.issue_id is None else 1

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about it is found, and its name."""
        return {"publication": self.bulletin_id, "issue": self.issue_id, "subject": self.title}

    def mailed_sections(self) -> SectionQuerySet:
        """The sections of its issues that can stand in a digest."""
        within = Q(issue__in=self.issue_ids)
        if self.put_back:
            within |= Q(pk__in=Article.objects.filter(pk__in=self.put_back).values("section"))
        return Section.objects.filter(within).mailed()

    def articles(self) -> QuerySet[Article]:
        """The articles of those sections that were not withdrawn before; of a correction, those
        that were wrong."""
        articles = Article.objects.filter(section__in=self.mailed_sections())
        if self.kind == CORRECTION:
            return articles.filter(pk__in=self.corrected_articles)
        return articles.filter(self._holds()).mailed().exclude(withdrawn_at__lte=self.opened_at)

    def _holds(self) -> Q:
        """The condition that an article of its sections is one of a whole issue, or carried
        alone."""
        if not self.put_back:
            return Q()
        return Q(section__issue__in=self.issue_ids) | Q(pk__in=self.put_back)

    def withdrawn_articles(self) -> frozenset[int]:
        """Return the ids of its articles that were withdrawn since it was opened, also with an
        issue that it carries. One query."""
        return self._articles_where(self._withdrawn_since())

    def articles_left_out(self, *, settled_at: datetime | None = None) -> frozenset[int]:
        """Return the ids of those articles, and of those that were put back too late for a mail
        that was settled then, or waits. One query."""
        if self._state.adding:  # a preview, of which nothing is stored
            return self.withdrawn_articles()
        rows = self.left_out.filter(Q() if settled_at is None else Q(since__lte=settled_at))
        return self._articles_where(self._withdrawn_since() | Q(pk__in=rows.values("article")))

    def _withdrawn_since(self) -> Q:
        since = Q(withdrawn_at__gt=self.opened_at)
        with_issue = Q(
            section__issue__status=Issue.Status.WITHDRAWN,
            section__issue__withdrawn_at__gt=self.opened_at,
        ) & ~Q(section__issue=self.issue_id)
        return since | with_issue

    def _articles_where(self, condition: Q) -> frozenset[int]:
        held = Article.objects.filter(self._holds(), section__issue__in=self.held_issues)
        return frozenset(held.filter(condition).order_by().values_list("pk", flat=True))

    @property
    def was_mailed(self) -> bool:
        """Whether a mail server may have a mail of it, as far as is known once it is finished."""
        counts = self.outcome.get("counts", {})
        return bool(self.pruned) or any(counts.get(status) for status in _MAILED)

    @property
    def corrected_articles(self) -> tuple[int, ...]:
        """The ids of the articles that were wrong."""
        return tuple(int(pk) for pk in self.corrected.split(",") if pk)
