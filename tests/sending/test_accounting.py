"""The counts that batches and digests keep are those of their deliveries, at every moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests import audience, bounces, publishing, sending
from digests.models import Batch, Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.sending import Decision, claims, due_recipients, ledger
from mail.delivery import Accepted, Deferred, Outcome, Rejected, Uncertain
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of

LATER = NOON + timedelta(1)
LOST = 2 * claims.lease() + timedelta(seconds=1)
OUTCOMES: list[Outcome] = [
    Accepted("Kept", 250),
    Rejected("5.1.1 No such user", 550),
    Deferred("Later", 451),
    Uncertain(""),
]


def a_digest(readers: int = 8) -> Digest:
    """A digest of several editions, in which some are excluded."""
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water", "Energy"])
    for n in range(readers):
        a_reader(bulletin, f"r{n}@reader.example", topics=topics[: 1 + n % 2])
    a_reader(bulletin, "nothing@reader.example")
    paused = {"paused_until": LATER + timedelta(9)}
    a_reader(bulletin, "paused@reader.example", topics=topics, **paused)
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    digest = publishing.publish(draft, at=LATER)
    assert audience.prepare(digest, at=LATER)
    digest.refresh_from_db()
    return digest


class History:
    """What can happen to a digest, one thing after another, in any order."""

    def __init__(self, digest: Digest, settings: Settings, elsewhere: Path) -> None:
        self.digest = digest
        self.settings = settings
        self.elsewhere = elsewhere
        self.claims: list[claims.Claim] = []
        self.at = LATER

    def claim(self, n: int) -> None:
        claim = claims.claim(self.digest, at=self.at, most=1 + n % 6)
        if claim:
            self.claims.append(claim)

    def settle(self, n: int) -> None:
        """A worker hears something of each that it has, also when it has lost its claim."""
        if self.claims:
            claim = self.claims[n % len(self.claims)]
            rows = Delivery.objects.filter(
                edition__batches__in=claim.batches,
                pk__gte=F("edition__batches__first"),
                pk__lte=F("edition__batches__last"),
            ).order_by("pk")
            outcomes = [(pk, OUTCOMES[(n + pk) % 4]) for pk in rows.values_list("pk", flat=True)]
            some = outcomes[n % 3 :]
            claim.journal.record(some, [])
            claims.write(claim, lambda: ledger.settle(some, at=self.at))

    def send(self, n: int) -> None:
        """All that is due is sent; of every third nobody knows the end."""
        while claim := claims.claim(self.digest, at=self.at, most=1 + n):
            due = [
                each.delivery for each in due_recipients.load_due_recipients(claim.name, at=self.at)
            ]
            outcomes = [(pk, OUTCOMES[0 if pk % 3 else 3]) for pk in due]
            ledger.settle(outcomes, at=self.at)
            claims.give_back(claim)
            claim.journal.close()

    def skip(self, n: int) -> None:
        if self.claims:
            claim = self.claims[n % len(self.claims)]
            due = due_recipients.load_due_recipients(claim.name, at=self.at)[:1]
            some = [(each.delivery, SkipReason.LEFT.value) for each in due]
            claims.write(claim, lambda: ledger.skip(some, at=self.at))

    def give_back(self, n: int) -> None:
        if self.claims:
            claim = self.claims.pop(n % len(self.claims))
            claims.give_back(claim)
            claim.journal.close()

    def die(self, n: int) -> None:
        """A worker dies with messages begun, and with results that the table did not hear."""
        if self.claims:
            claim = self.claims.pop(n % len(self.claims))
            due = [
                each.delivery for each in due_recipients.load_due_recipients(claim.name, at=self.at)
            ]
            claim.journal.record([(pk, OUTCOMES[n % 3]) for pk in due[1:2]], due[:1])
            claim.journal.abandon()
            sending.recover(at=self.at)

    def lose(self, n: int) -> None:
        """The machine of a worker counts as lost, and it goes on without knowing that."""
        if self.claims:
            claim = self.claims[n % len(self.claims)]
            Batch.objects.filter(claim=claim.name).update(leased_until=self.at - LOST)
            here, self.settings.DATA_DIR = self.settings.DATA_DIR, self.elsewhere
            sending.recover(at=self.at)
            self.settings.DATA_DIR = here

    def bounce(self, n: int) -> None:
        """Of one something comes back: of an uncertain one where there is one."""
        rows = Delivery.objects.exclude(edition=None).order_by("pk")
        ids = list(rows.filter(status=DeliveryStatus.UNCERTAIN).values_list("pk", flat=True))
        if ids := ids or list(rows.values_list("pk", flat=True)):
            pk = ids[n % len(ids)]
            fields = {"delivery_id": pk, "kind": "soft_bounce", "received_at": self.at}
            Feedback.objects.get_or_create(key=f"{n} {pk}", defaults=fields)
            sending.confirm_sent(Delivery.objects.filter(pk=pk), at=self.at)

    def settle_uncertain(self, _n: int) -> None:
        bounces.settle_uncertain(self.digest, at=self.at)

    def decide(self, n: int) -> None:
        sending.resolve_uncertain(self.digest, list(Decision)[n % 2], at=self.at)

    def finish(self, _n: int) -> None:
        sending.finish(self.digest, at=self.at)

    def wait(self, _n: int) -> None:
        self.at += timedelta(hours=1)

    def cancel(self, n: int) -> None:
        if n % 4 == 0:
            sending.cancel(self.digest, at=self.at)

    def prune(self, _n: int) -> None:
        sending.prune(before=self.at + timedelta(1))

    def correct(self, n: int) -> None:
        """A correction goes out, and everything else happens to it from then on."""
        section = self.digest.own_issue.sections.order_by("pk")[n % 2]
        wrong = [section.articles.get().pk]
        draft = audience.drafted(
            Digest.objects.without_corrections().get(), articles=wrong, remark=f"{n}", at=self.at
        )
        if Digest.objects.unfinished().exists():
            return
        self.digest, _new = audience.open_correction(draft)
        audience.prepare(self.digest, at=self.at)


WHAT = [
    name for name, value in vars(History).items() if not name.startswith("_") and callable(value)
]


def check() -> None:
    for digest in Digest.objects.all():
        kept, rows = sending.count(digest), sending.count_deliveries(digest)
        assert kept == rows
        assert kept.balanced


@contextmanager
def forgotten_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@example([("send", 1), ("bounce", 0), ("finish", 0), ("bounce", 0), ("decide", 0), ("prune", 0)])
@example([("send", 1), ("finish", 0), ("decide", 1), ("send", 0), ("finish", 0), ("correct", 0)])
@example([("claim", 3), ("lose", 0), ("settle", 0), ("settle", 3), ("give_back", 0)])
@example([("claim", 3), ("lose", 0), ("send", 1), ("finish", 0), ("settle", 0), ("settle", 3)])
@example([("claim", 3), ("skip", 0), ("die", 0), ("cancel", 0), ("finish", 0), ("bounce", 0)])
@example([("claim", 1), ("cancel", 0), ("give_back", 0), ("finish", 0)])
@given(st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 11)), min_size=4, max_size=24))
@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_kept_counts_are_the_counted_rows_whatever_happens(
    settings: Settings, tmp_path: Path, happens: list[tuple[str, int]]
) -> None:
    settings.SEND_BATCH = 2
    (tmp_path / "elsewhere").mkdir(exist_ok=True)
    with forgotten_afterwards():
        history = History(a_digest(), settings, tmp_path / "elsewhere")
        check()
        for what, n in happens:
            getattr(history, what)(n)
            check()
        for claim in history.claims:
            claim.journal.close()
