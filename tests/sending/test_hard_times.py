"""Long answers, broken journals, a full disk, a power cut: nobody is lost nor mailed twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests import audience, publishing, sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.sending import claims as claiming
from digests.sending import due_recipients, journal, ledger
from mail.delivery import Accepted, Deferred, ServerUnreachable, Uncertain
from mail.outcomes import sanitized
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest() -> Digest:
    """A digest for three readers, in one claim."""
    return a_digest()


def a_digest(slug: str = "news") -> Digest:
    bulletin = a_bulletin(slug)
    (topic,) = topics_of(bulletin, ["Water"])
    for name in ("a", "b", "c"):
        a_reader(bulletin, f"{name}@example.org", topics=[topic])
    opened = publishing.publish(a_draft(bulletin, {"Water": topic}), at=NOON)
    assert audience.prepare(opened, at=NOON)
    return opened


def send(digest: Digest) -> int:
    return sending.send(digest, clock=lambda: NOON, seconds=30)


def claimed(digest: Digest) -> tuple[claiming.Claim, list[int]]:
    """A claim of all three, and their deliveries."""
    claim = claiming.claim(digest, at=NOON, most=500)
    assert claim is not None
    return claim, [
        each.delivery for each in due_recipients.load_due_recipients(claim.name, at=NOON)
    ]


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


def written(claim: claiming.Claim) -> Path:
    return Path(conf.DATA_DIR, "journals", claim.name)


@pytest.mark.parametrize("said", ["x" * 496, "y " * 400, "no\x00such \x1b[31muser", "\u202eno"])
def test_whatever_the_server_says_is_kept_and_stops_nobody(
    digest: Digest, mail_server: MailServer, said: str
) -> None:
    mail_server.responses["b@example.org"] = f"550 5.1.1 {said}"
    send(digest)
    assert states() == [DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.SENT]
    kept = Delivery.objects.get(status=DeliveryStatus.FAILED).smtp_response
    assert kept.startswith("550 5.1.1")
    assert len(kept) <= 500
    assert kept.isprintable()
    assert journal.names() == []


@given(st.text(max_size=3000))
def test_an_answer_is_kept_on_one_line_of_500_characters(answer: str) -> None:
    kept = sanitized(answer)
    assert len(kept) <= 500
    assert kept == " ".join(kept.split())
    assert not any(ord(character) < 32 for character in kept)


@given(
    st.lists(
        st.sampled_from(["ann@reader.example", "<ann@reader.example>:", "550", "@", "a@a@a", "no"])
    )
)
def test_an_answer_is_kept_without_addresses(words: list[str]) -> None:
    kept = sanitized(" ".join(words))
    assert "ann" not in kept
    assert "reader" not in kept


def test_an_address_at_the_cut_is_not_kept_by_half() -> None:
    assert "reader" not in sanitized("x@y.org " * 124 + "a reader.of.ours@example.org")


@pytest.mark.django_db(transaction=True)
def test_one_journal_that_cannot_be_written_down_does_not_stop_the_others(digest: Digest) -> None:
    claims = [claimed(each) for each in (digest, *map(a_digest, ("one", "two", "three")))]
    for claim, (first, *_) in claims:
        claim.journal.record([(first, Accepted("Kept", 250))], [])
    with written(claims[0][0]).open("a") as file:
        file.write(f"Accepted {1 << 70} 250 of no table\n")
    for claim, _ in claims:
        claim.journal.abandon()
    sending.recover(at=NOON)
    assert set(journal.names()) <= {claims[0][0].name}
    assert states().count(DeliveryStatus.SENT) >= 3


def test_a_journal_line_that_cannot_be_read_makes_all_that_waits_uncertain(
    digest: Digest, mail_server: MailServer
) -> None:
    claim, (first, second, third) = claimed(digest)
    claim.journal.record([(first, Accepted("Kept", 250))], [second])
    with written(claim).open("a") as file:
        file.write(f"BegBegun {third}\n")
    claim.journal.abandon()
    sending.recover(at=NOON)
    assert states() == [DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN, DeliveryStatus.UNCERTAIN]
    assert send(digest) == 0


@pytest.mark.parametrize("kept", ["", "Boot of another day\n", "Boot"])
def test_after_a_power_cut_all_that_waits_in_a_claim_is_uncertain(
    digest: Digest, kept: str
) -> None:
    claim, _ = claimed(digest)
    claim.journal.abandon()
    written(claim).write_text(kept)
    sending.recover(at=NOON)
    assert states() == [DeliveryStatus.UNCERTAIN] * 3


def test_what_the_disk_has_no_room_for_is_not_sent(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[int, bytes], int] = os.write

    def full(file: int, data: bytes) -> int:
        return real(file, data[:5] if data.startswith(b"Begun") else data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        send(digest)
    monkeypatch.undo()
    assert mail_server.mails == []
    sending.recover(at=NOON)
    send(digest)
    assert mail_server.recipients == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_server_that_was_away_is_no_attempt_of_its_readers(digest: Digest) -> None:
    pk = Delivery.objects.earliest("pk").pk
    for _ in range(20):
        ledger.settle([(pk, ServerUnreachable("no route"))], at=NOON)
    ledger.settle([(pk, Deferred("greylisted", 451))], at=NOON)
    assert Delivery.objects.get(pk=pk).attempts == 1
    assert set(states()) == {DeliveryStatus.QUEUED}


def test_what_is_uncertain_twice_is_not_sent_a_third_time(
    digest: Digest, settings: Settings
) -> None:
    settings.SEND_UNCERTAIN = "resend"
    pk = Delivery.objects.earliest("pk").pk
    ledger.settle([(pk, Uncertain("no answer"))], at=NOON)
    assert Delivery.objects.get(pk=pk).status == DeliveryStatus.QUEUED
    ledger.settle([(pk, Deferred("busy", 451))], at=NOON)
    ledger.settle([(pk, Uncertain("no answer"))], at=NOON)
    assert Delivery.objects.get(pk=pk).status == DeliveryStatus.UNCERTAIN


def test_a_stopped_mailing_is_not_sent_again_by_a_decision(digest: Digest) -> None:
    ledger.mark_uncertain(Delivery.objects.values_list("pk", flat=True), at=NOON)
    sending.cancel(digest, at=NOON)
    assert sending.resolve_uncertain(digest, sending.Decision.SEND_AGAIN, at=NOON) == 0
    assert states() == [DeliveryStatus.UNCERTAIN] * 3
    assert sending.resolve_uncertain(digest, sending.Decision.COUNT_AS_SENT, at=NOON) == 3


def test_what_is_uncertain_is_not_pruned(digest: Digest) -> None:
    pk = Delivery.objects.earliest("pk").pk
    ledger.settle([(pk, Uncertain(""))], at=NOON)
    others = Delivery.objects.exclude(pk=pk).values_list("pk", flat=True)
    ledger.settle([(other, Accepted("Kept", 250)) for other in others], at=NOON)
    sending.recount(digest)
    assert sending.finish(digest, at=NOON)
    assert sending.prune(before=NOON.replace(year=2100)) == 0
    sending.resolve_uncertain(digest, sending.Decision.COUNT_AS_SENT, at=NOON)
    assert sending.prune(before=NOON.replace(year=2100)) == 3


def test_a_decision_while_a_digest_is_being_finished_is_not_forgotten(digest: Digest) -> None:
    ledger.mark_uncertain(Delivery.objects.values_list("pk", flat=True), at=NOON)
    sending.recount(digest)
    decided: list[int] = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if "digests_batch" in sql and not decided:  # whether anybody waits
            decided.append(0)
            decided.append(sending.resolve_uncertain(digest, sending.Decision.SEND_AGAIN, at=NOON))
        return found

    with connection.execute_wrapper(meanwhile):
        assert not sending.finish(digest, at=NOON)
    assert decided == [0, 3]
    assert states() == [DeliveryStatus.QUEUED] * 3
    assert Digest.objects.get().finished_at is None


def test_a_digest_whose_accounting_does_not_hold_is_never_called_finished(
    digest: Digest, caplog: pytest.LogCaptureFixture
) -> None:
    everybody = Delivery.objects.values_list("pk", flat=True)
    ledger.settle([(pk, Accepted("Kept", 250)) for pk in everybody], at=NOON)
    Delivery.objects.latest("pk").delete()
    sending.recount(digest)
    assert not sending.finish(digest, at=NOON)
    assert "the accounting does not hold" in caplog.text
    assert Digest.objects.get().finished_at is None


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_digest_that_cannot_be_rendered_ends_when_it_is_cancelled(elsewhere: bool) -> None:
    bulletin = a_bulletin()
    topic, other = topics_of(bulletin, ["Water", "Energy"])
    issue = a_draft(bulletin, {"Water": topic})
    digest = publishing.publish(issue, at=NOON)
    issue.sections.update(topic=other if elsewhere else None)
    assert not audience.prepare(digest, at=NOON)
    assert Digest.objects.get().failure
    assert not sending.finish(digest, at=NOON)
    sending.cancel(digest, at=NOON)
    assert audience.prepare(digest, at=NOON)
    assert sending.finish(digest, at=NOON)
    assert not Digest.objects.unfinished().exists()
