"""`make chaos`: digests are disturbed in every way, and what became of the readers is counted.

Each scenario publishes an issue to the same readers. Afterwards: how many were lost (not accounted
for, or called sent and not taken by the mail server), how many got two copies, how many are
uncertain and how many at most may be, how many deaths that were wanted nobody died, and whether
the accounting holds: by the rows of the deliveries, which the kept counts have to equal. The exit
status is 1 when the promise of docs/reliability.md was broken, or not put to the test.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import isolation
from benchmarks.chaos.scenarios import Disturb, Scene, scenarios
from benchmarks.chaos.stage import TIMEOUT_SECONDS, Stage, of_its_own, staged

READERS = """
from subscribers.models import Subscriber, Subscription
from tests.support.factories import NOON, a_bulletin, topics_of
bulletin = a_bulletin("chaos")
topics = topics_of(bulletin, ["Water", "Energy", "Standards"])
rows = Subscriber.objects.bulk_create(
    (Subscriber(bulletin=bulletin, address=f"r{{n}}@example.org", address_key=f"r{{n}}@example.org",
                language="en", signed_up_at=NOON, confirmed_at=NOON) for n in range({readers})),
    batch_size=2000)
Subscription.objects.bulk_create(
    (Subscription(subscriber=row, topic=topic, started_at=NOON, source="sign-up")
     for n, row in enumerate(rows) for topic in topics[: 1 + n % 3]), batch_size=2000)
"""
DRAFT = """
from publications.models import Bulletin
from tests.support.factories import a_draft
bulletin = Bulletin.objects.get(slug="chaos")
issue = a_draft(bulletin, {topic.name_en: topic for topic in bulletin.topics.all()})
print(issue.pk)
"""
PUBLISH = """
from django.utils import timezone
from digests import publishing, tasks
from issues.models import Issue
digest = publishing.publish(Issue.objects.get(pk={issue}), at=timezone.now())
tasks.prepare_digest.delay(digest.pk)
"""
COUNTS = """
import json
from digests.models import Digest
from digests.sending import accounting
digest = Digest.objects.get(issue={issue})
counts = accounting.count(digest)
finished = digest.finished_at is not None
print(json.dumps({{
    "finished": finished,
    "balanced": counts.balanced and (not finished or counts == accounting.count_deliveries(digest)),
    **{{name: getattr(counts, name) for name in
       ("candidates", "sent", "failed", "uncertain", "skipped", "excluded", "waiting")}}}}))
"""
SENT = """
from digests.models import Digest
from digests.models.delivery import DeliveryStatus
from digests.rendering.delivery_tokens import mailing_key
digest = Digest.objects.get(issue={issue})
for pk in digest.deliveries.filter(status=DeliveryStatus.SENT).values_list("pk", flat=True):
    print(f"{{mailing_key(digest)}}.{{pk}}")
"""


@dataclass(frozen=True, slots=True)
class Result:
    """The readers of one scenario: what became of them."""

    lost: int
    doubled: int
    uncertain: int
    may_be_uncertain: int
    missed: int
    balanced: bool
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether the promise was, and everything was done that was to be borne."""
        wrong = self.lost or self.doubled or self.missed or self.uncertain > self.may_be_uncertain
        return self.balanced and not wrong


def play(stage: Stage, name: str, disturb: Disturb, *, readers: int, seed: int) -> Result:
    """Publish an issue, disturb its sending, wait for its end, and count."""
    issue = int(stage.run(DRAFT))
    scene = Scene(stage, readers, len(stage.taken()), random.Random(f"{seed} {name}"))
    unanswered = stage.unanswered()
    if name.endswith("prepared"):
        scene.point("prepared").touch()
    began = time.monotonic()
    publishers = [
        stage.start(PUBLISH.format(issue=issue)) for _ in range(2 if "two" in name else 1)
    ]
    for publisher in publishers:
        publisher.wait(60)
    disturb(scene)
    counts = _ended(stage, issue)
    taken = Counter(stage.taken()[scene.before :])
    sent = stage.run(SENT.format(issue=issue)).split()
    settled = sum(counts[word] for word in ("sent", "failed", "uncertain", "skipped", "excluded"))
    return Result(
        lost=counts["candidates"] - settled + len(not_taken(sent, taken)),
        doubled=sum(copies - 1 for copies in taken.values()),
        uncertain=counts["uncertain"],
        may_be_uncertain=scene.may_be_uncertain + stage.unanswered() - unanswered,
        missed=scene.missed,
        balanced=counts["finished"] and counts["balanced"] and counts["candidates"] == readers,
        seconds=time.monotonic() - began,
    )


def not_taken(sent: Iterable[str], taken: Iterable[str]) -> set[str]:
    """The keys of the messages that are called `sent` and are none of those that were `taken`,
    of which these are the Message-IDs."""
    return set(sent) - {name.strip("<>").partition("@")[0] for name in taken}


def _ended(stage: Stage, issue: int) -> dict[str, Any]:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        counts: dict[str, Any] = json.loads(stage.run(COUNTS.format(issue=issue)))
        if counts["finished"] or time.monotonic() > deadline:
            return counts
        time.sleep(0.5)


def main() -> int:
    """Play the scenarios; 1 when the promise was broken in one of them."""
    given = _arguments()
    isolation.begin(database=given.database or "")
    played: dict[str, Result] = {}
    with _stage(given.database, slow=given.slow) as stage:
        stage.run(READERS.format(readers=given.readers))
        for name, disturb in scenarios(given.kills).items():
            wanted = not given.only or any(word in name for word in given.only)
            if not wanted or ("PostgreSQL" in name and not stage.cluster):
                continue
            played[name] = play(stage, name, disturb, readers=given.readers, seed=given.seed)
            print(name, played[name], file=sys.stderr, flush=True)
    Console(soft_wrap=True).print(_table(played))
    return int(not all(result.kept for result in played.values()))


@contextlib.contextmanager
def _stage(database: str | None, *, slow: float) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        if database:
            database = stack.enter_context(of_its_own(database))
        yield stack.enter_context(staged(database, slow=slow))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument(
        "--slow", type=float, default=0.0, help="seconds that the mail servers take for a text"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="*", help="words of the scenarios to play")
    parser.add_argument(
        "--database",
        help="a PostgreSQL beside whose database one is made; '' for SQLite; "
        "without it a PostgreSQL of its own is started",
    )
    return parser.parse_args()


def _table(played: dict[str, Result]) -> Table:
    table = Table(
        "scenario", "lost", "doubled", "uncertain", "at most", "missed", "accounted for", "s"
    )
    for name, one in played.items():
        numbers = (one.lost, one.doubled, one.uncertain, one.may_be_uncertain, one.missed)
        table.add_row(name, *map(str, numbers), str(one.balanced), f"{one.seconds:.0f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
