"""What was just published is a draft again, as long as no worker has claimed a mail of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from digests import (
    audience,
    progress_sentences,
    publishing,
    reporting,
    sending,
    taking_back,
)
from digests.models import Batch, Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import claims
from digests.taking_back import MailsAreLeaving
from issues.models import Issue, Section
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

LATER = NOON + timedelta(hours=1)


def a_mailing(*, readers: int = 3) -> Digest:
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water"])
    for n in range(readers):
        a_reader(bulletin, f"{n}@example.org", topics=topics)
    return a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)


@pytest.fixture
def digest(db: None) -> Digest:
    return a_mailing()


def send(digest: Digest) -> int:
    return sending.send(Digest.objects.get(pk=digest.pk), clock=lambda: LATER, seconds=30)


def test_it_is_a_draft_again_and_its_mails_go_to_nobody(
    digest: Digest, mail_server: MailServer
) -> None:
    issue = Issue.objects.get()
    assert taking_back.can_be_taken_back(issue)
    assert taking_back.take_back(issue, at=LATER)
    issue.refresh_from_db()
    assert (issue.status, issue.published_at) == (Issue.Status.DRAFT, None)
    assert send(digest) == 0
    assert sending.finish(digest, at=LATER)
    assert sending.count(digest).skipped == 3
    digest.refresh_from_db()
    with translation.override("en"):
        assert progress_sentences.in_a_word(digest) == "taken back"
        report = reporting.progress(digest, at=LATER)
        assert "nobody gets it" in progress_sentences.sentence(digest, report)
    assert not taking_back.take_back(issue, at=LATER)
    assert not mail_server.mails


def test_it_can_be_published_again_with_a_digest_of_its_own(
    digest: Digest, mail_server: MailServer
) -> None:
    issue = Issue.objects.get()
    taking_back.take_back(issue, at=LATER)
    again = publishing.publish(issue, at=LATER + timedelta(minutes=1))
    assert again.pk != digest.pk
    assert publishing.publish(issue, at=LATER) == again
    assert audience.prepare(again, at=LATER)
    again.refresh_from_db()
    clock = LATER + timedelta(minutes=2)
    sending.send(again, clock=lambda: clock, seconds=30)
    assert len(mail_server.mails) == 3


def test_what_was_claimed_or_sent_cannot_be_taken_back(
    digest: Digest, mail_server: MailServer
) -> None:
    issue = Issue.objects.get()
    claim = claims.claim(digest, at=LATER, most=3)
    assert claim
    assert not taking_back.can_be_taken_back(issue)
    with pytest.raises(MailsAreLeaving):
        taking_back.take_back(issue, at=LATER)
    claims.give_back(claim)
    claim.journal.close()
    assert taking_back.can_be_taken_back(issue)  # nothing was sent under that claim
    send(digest)
    for finished in (False, True):
        assert sending.finish(digest, at=LATER) or not finished
        assert not taking_back.can_be_taken_back(issue)
        with pytest.raises(MailsAreLeaving):
            taking_back.take_back(issue, at=LATER)
    issue.refresh_from_db()
    assert issue.status == Issue.Status.PUBLISHED
    assert Digest.objects.get().cancelled_at is None


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN])
def test_what_a_mail_server_may_have_seen_cannot_be_taken_back(
    digest: Digest, status: DeliveryStatus
) -> None:
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(status=status)
    sending.recount(digest)
    with pytest.raises(MailsAreLeaving):
        taking_back.take_back(Issue.objects.get(), at=LATER)


def test_a_restored_database_does_not_know_whether_mails_left(digest: Digest) -> None:
    Digest.objects.update(restored_at=LATER, paused_at=LATER)
    with pytest.raises(MailsAreLeaving):
        taking_back.take_back(Issue.objects.get(), at=LATER)


@pytest.mark.parametrize("readers", [0, 3])
def test_it_can_be_taken_back_while_who_gets_what_is_worked_out(db: None, readers: int) -> None:
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water", "Energy"])
    for n in range(readers):
        a_reader(bulletin, f"{n}@example.org", topics=topics[:1])
    issue = a_draft(bulletin, {"Water": topics[0]})
    digest = publishing.publish(issue, at=LATER)
    assert taking_back.take_back(issue, at=LATER)
    Section.objects.update(topic=topics[1])  # it may be changed: it is a draft
    assert audience.prepare(digest, at=LATER)
    digest.refresh_from_db()
    assert sending.finish(digest, at=LATER)
    assert not Batch.objects.filter(waiting__gt=0).exists()


def test_what_is_on_the_web_only_can_always_be_taken_back(db: None) -> None:
    bulletin = a_bulletin()
    issue = a_draft(bulletin, {"Gossip": None})
    publishing.publish_on_the_web(issue, at=NOON)
    assert taking_back.take_back(issue, at=LATER)
    issue.refresh_from_db()
    assert (issue.status, issue.web_only) == (Issue.Status.DRAFT, False)


def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that close their connections."""
    with ThreadPoolExecutor(4) as threads:
        yield threads
        list(threads.map(lambda _: connection.close(), range(8)))


def claimed(digest: Digest) -> bool:
    """Return whether a worker of its own connection gets a claim."""
    try:
        claim = claims.claim(digest, at=LATER, most=1)
        if claim:
            claim.journal.abandon()
        return claim is not None
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_while_it_is_taken_back_no_worker_claims(pool: ThreadPoolExecutor) -> None:
    on_postgresql()
    digest = a_mailing()
    found: list[bool] = []

    def racing(execute: Any, sql: str, *rest: Any) -> Any:
        """Claim as soon as the batches were looked at, before anything is changed."""
        if sql.startswith('UPDATE "digests_batch"') and not found:
            found.append(pool.submit(claimed, digest).result(10))
        return execute(sql, *rest)

    with connection.execute_wrapper(racing):
        assert taking_back.take_back(Issue.objects.get(), at=LATER)
    assert found == [False]
    assert not claimed(digest)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_not_committed_yet_is_waited_for(pool: ThreadPoolExecutor) -> None:
    on_postgresql()
    digest, claiming, go_on = a_mailing(), Event(), Event()

    def worker() -> None:
        with transaction.atomic():
            claim = claims.claim(digest, at=LATER, most=1)
            assert claim
            claim.journal.abandon()
            claiming.set()
            go_on.wait(10)
        connection.close()

    def editor() -> str:
        try:
            taking_back.take_back(Issue.objects.get(), at=LATER)
        except MailsAreLeaving:
            return "refused"
        finally:
            connection.close()
        return "taken back"

    working = pool.submit(worker)
    assert claiming.wait(10)
    asked = pool.submit(editor)
    with pytest.raises(TimeoutError):
        asked.result(0.5)
    go_on.set()
    working.result(10)
    assert asked.result(10) == "refused"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_claim_whose_statement_began_before_finds_nothing(pool: ThreadPoolExecutor) -> None:
    on_postgresql()
    digest, begun = a_mailing(), Event()

    def slowly(execute: Any, sql: str, *rest: Any) -> Any:
        """Look at the digest before it is taken back, and at its batches a second later."""
        if "SKIP LOCKED" in sql:
            sql = sql.replace("due_at <= %s AND", "due_at <= %s AND pg_sleep(1) IS NOT NULL AND")
            begun.set()
        return execute(sql, *rest)

    def worker() -> bool:
        with connection.execute_wrapper(slowly):
            return claimed(digest)

    claiming = pool.submit(worker)
    assert begun.wait(10)
    sleep(0.5)
    assert taking_back.take_back(Issue.objects.get(), at=LATER)
    assert not claiming.result(10)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_is_first_no_mail_leaves_of_what_was_taken_back(pool: ThreadPoolExecutor) -> None:
    on_postgresql()
    digest = a_mailing(readers=12)
    issue = Issue.objects.get()
    for _ in range(12):
        Batch.objects.update(claim="", leased_until=None)
        sending.recount(digest)
        Digest.objects.update(cancelled_at=None, taken_back_at=None)
        Issue.objects.update(status=Issue.Status.PUBLISHED)
        start = Barrier(4)

        def worker(start: Barrier = start) -> bool:
            start.wait(10)
            return claimed(digest)

        workers = [pool.submit(worker) for _ in range(3)]
        start.wait(10)
        try:
            taken = taking_back.take_back(issue, at=LATER)
        except MailsAreLeaving:
            taken = False
        got = max({each.result(10) for each in workers})  # all are waited for
        assert taken is not got
