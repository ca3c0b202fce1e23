"""What publishing an issue or a correction would do, for the editor who is asked whether to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from digests import printing
from digests.mailing import corrections
from digests.mailing.watching import watched
from digests.models import Digest, Issue, Section
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Heaviest:
    """The HTML of the mail with all sections in a language: its weight in kB (of 1,000 bytes),
    and whether leads or articles would be left out, so that mail programs show it whole."""

    language: str
    kilobytes: float
    trimmed: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """Which sections would be mailed and which not; by language how many readers would get some
    of them, or an article that they watch for (`reached`); how many would get nothing; and what
    the heaviest mails would weigh."""

    mailed: tuple[Section, ...]
    left_out: tuple[Section, ...]
    reached: dict[str, int]
    unreached: int
    heaviest: tuple[Heaviest, ...]


def foresee(issue: Issue, *, at: datetime) -> Prospect:
    """What would happen if `issue` were published at `at`. Twelve queries at most, and 50 ms
    or so for printing its mails on trial."""
    sections = list(issue.sections.select_related("topic"))
    mailed = tuple(one for one in sections if one.topic_id and not one.not_for_mailing)
    readers = Subscriber.objects.filter(bulletin=issue.bulletin).active(at=at)
    reached = _reached(issue, readers, topics={one.topic_id for one in mailed})
    return Prospect(
        mailed=mailed,
        left_out=tuple(one for one in sections if one not in mailed),
        reached=dict(reached),
        unreached=readers.count() - reached.total(),
        heaviest=tuple(heaviest(issue, at=at)),
    )


def _reached(
    issue: Issue, readers: QuerySet[Subscriber], *, topics: Collection[int | None]
) -> Counter[str]:
    """How many of `readers` would get something, by language."""
    following = readers.filter(
        subscriptions__topic__in=topics, subscriptions__ended_at=None
    ).order_by()
    reached = Counter(dict(following.values_list("language").annotate(Count("pk", distinct=True))))
    others = readers.exclude(pk__in=following.values("pk"))
    met = watched(issue, others)
    watching = others.filter(watches__isnull=False).distinct().values_list("pk", "language")
    return reached + Counter(language for pk, language in watching if pk in met)


@dataclass(frozen=True, slots=True)
class Reach:
    """By language how many readers would get a correction (`reached`), and how many got a
    corrected article but have left or paused since, or must not be mailed."""

    reached: dict[str, int]
    unreached: int


def foresee_correction(draft: Digest) -> Reach:
    """Who would get the correction that `mailing.drafted` gave. Three queries."""
    rows: Any = corrections.received(draft).with_hindrance(at=draft.opened_at).order_by()
    free = rows.filter(hindrance="").values_list("edition__language")
    reached = dict(free.annotate(number=Count("pk")))
    return Reach(reached, rows.exclude(hindrance="").count())


def heaviest(issue: Issue, *, at: datetime) -> Iterator[Heaviest]:
    """The heaviest mail in each language; none where no mail can be printed yet."""
    try:
        digest = printing.trial(issue, at=at)
    except printing.CannotPrint:
        return
    printer = printing.Printer(digest)
    for language in digest.blocks:
        mail = printer.whole(language)
        yield Heaviest(language, mail.weight / 1000, mail.trimmed)
