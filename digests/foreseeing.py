"""What publishing an issue would do, for the editor who is asked whether to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from digests import printing
from digests.models import Issue, Section
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
    of them (`reached`); how many would get nothing; and what the heaviest mails would weigh."""

    mailed: tuple[Section, ...]
    left_out: tuple[Section, ...]
    reached: dict[str, int]
    unreached: int
    heaviest: tuple[Heaviest, ...]


def foresee(issue: Issue, *, at: datetime) -> Prospect:
    """What would happen if `issue` were published at `at`. Eight queries, and 50 ms or so for
    printing its mails on trial."""
    sections = list(issue.sections.select_related("topic"))
    mailed = tuple(one for one in sections if one.topic_id and not one.not_for_mailing)
    readers = Subscriber.objects.filter(bulletin=issue.bulletin).active(at=at)
    following = Q(
        subscriptions__topic__in={one.topic_id for one in mailed}, subscriptions__ended_at=None
    )
    rows = readers.order_by().filter(following).values_list("language")
    reached = dict(rows.annotate(number=Count("pk", distinct=True)))
    return Prospect(
        mailed=mailed,
        left_out=tuple(one for one in sections if one not in mailed),
        reached=reached,
        unreached=readers.count() - sum(reached.values()),
        heaviest=tuple(heaviest(issue, at=at)),
    )


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
