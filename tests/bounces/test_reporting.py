"""How far a digest is, for the operator: in figures, in the terminal, and for scripts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from digests import bounces, progress_sentences, reporting, sending
from digests.models import Batch, Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.reporting import State
from digests.sending import claims
from publications.models import Bulletin, Topic
from tests.support.factories import a_digest, a_draft, a_reader
from tests.support.returned_mails import LATER, key_of, mail

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


pytestmark = pytest.mark.redis


@pytest.fixture
def digest(bulletin: Bulletin, topics: list[Topic], at_work: Redis) -> Digest:
    """Twelve candidates: six wait, four are settled in different ways, two are excluded."""
    for n in range(10):
        a_reader(bulletin, f"r{n}@reader.example", topics=topics)
    a_reader(bulletin, "paused@reader.example", topics=topics, paused_until=LATER + 60 * MINUTE)
    a_reader(bulletin, "nothing@reader.example")
    opened = a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)
    with claimed_in(opened):
        settle(opened, DeliveryStatus.SENT, 1)
        settle(opened, DeliveryStatus.FAILED, 1, smtp_response="550 5.1.1 No such user")
        settle(opened, DeliveryStatus.UNCERTAIN, 1)
        settle(opened, DeliveryStatus.SKIPPED, 1, reason=SkipReason.LEFT)
    return opened


@contextmanager
def claimed_in(digest: Digest) -> Iterator[None]:
    """What happens to a digest while a worker has all of it."""
    claim = claims.claim(digest, at=LATER, most=500)
    yield
    if claim:
        claims.give_back(claim)
        claim.journal.close()


def settle(
    digest: Digest, status: DeliveryStatus, count: int, *, at: datetime = LATER, **more: str
) -> None:
    waiting = Delivery.objects.filter(digest=digest, status=DeliveryStatus.QUEUED)
    chosen = list(waiting.order_by("pk").values_list("pk", flat=True)[:count])
    Delivery.objects.filter(pk__in=chosen).update(status=status, settled_at=at, **more)


def finish(digest: Digest) -> None:
    with claimed_in(digest):
        settle(digest, DeliveryStatus.SENT, 6)
    assert sending.finish(digest, at=LATER + MINUTE)
    digest.refresh_from_db()


def test_every_candidate_is_in_one_count(digest: Digest) -> None:
    counts = reporting.report(digest, at=LATER + MINUTE).counts
    parts = (counts.sent, counts.failed, counts.uncertain, counts.skipped, counts.excluded)
    assert (*parts, counts.waiting, counts.candidates) == (1, 1, 1, 1, 2, 6, 12)
    assert counts.balanced


def test_the_reasons_the_answers_and_what_came_back_are_reported(digest: Digest) -> None:
    sent = Delivery.objects.get(status=DeliveryStatus.SENT)
    bounces.receive(mail("postfix-full", key_of(sent)), at=LATER)
    report = reporting.report(digest, at=LATER + MINUTE)
    assert report.reasons == {SkipReason.LEFT: 1, SkipReason.NOTHING: 1, SkipReason.PAUSED: 1}
    assert report.smtp_responses == {"550 5.1.1 No such user": 1}
    assert report.feedback == {"soft_bounce": 1}
    assert report.uncertain == [Delivery.objects.get(status=DeliveryStatus.UNCERTAIN).pk]


def test_the_rate_and_the_time_left_come_of_what_was_settled(digest: Digest) -> None:
    report = reporting.report(digest, at=LATER + timedelta(seconds=8))
    assert report.rate == pytest.approx(0.5)  # four in eight seconds
    assert report.seconds_left == pytest.approx(12)  # six of them
    assert reporting.report(digest, at=LATER).rate is None


def test_the_rate_is_that_of_the_last_minute_and_no_pause_counts(digest: Digest) -> None:
    resumed = LATER + timedelta(hours=12)
    assert reporting.report(digest, at=resumed).rate is None
    with claimed_in(digest):
        settle(digest, DeliveryStatus.SENT, 2, at=resumed)
        assert reporting.report(digest, at=resumed + timedelta(seconds=20)).rate == 0.1
    soon = reporting.report(digest, at=resumed + timedelta(seconds=10))
    assert soon.rate == pytest.approx(0.2)
    assert soon.seconds_left == pytest.approx(20)


def test_while_it_is_paused_there_is_no_rate_and_no_time_left(digest: Digest) -> None:
    assert sending.pause(digest, at=LATER)
    digest.refresh_from_db()
    report = reporting.report(digest, at=LATER + timedelta(seconds=8))
    assert (report.rate, report.seconds_left) == (None, None)


def test_the_rate_of_what_is_finished_is_that_of_all_of_it(digest: Digest) -> None:
    finish(digest)
    assert reporting.report(digest, at=LATER + 60 * MINUTE).rate == pytest.approx(10 / 60)


def test_the_sentence_tells_the_time_left(digest: Digest) -> None:
    report = reporting.report(digest, at=LATER + timedelta(seconds=45))
    said = "6 of 12 readers are done; about 2 minutes are left."
    assert progress_sentences.sentence(digest, report) == said


def test_who_mailed_nobody_is_shown_so(digest: Digest) -> None:
    Delivery.objects.exclude(status=DeliveryStatus.EXCLUDED).delete()
    Digest.objects.update(candidates=2)
    sending.recount(digest)
    finish(digest)
    report = reporting.report(digest, at=LATER)
    assert (
        progress_sentences.sentence(digest, report) == "Finished: there was nobody to mail it to."
    )


def test_the_state_says_whether_somebody_has_to_look(digest: Digest) -> None:
    assert reporting.report(digest, at=LATER).state is State.UNDER_WAY
    finish(digest)
    assert reporting.report(digest, at=LATER).state is State.UNDECIDED
    sending.resolve_uncertain(digest, sending.Decision.COUNT_AS_SENT, at=LATER)
    assert reporting.report(digest, at=LATER).state is State.FINISHED


def test_a_digest_whose_accounting_does_not_hold_is_never_finished(digest: Digest) -> None:
    with claimed_in(digest):
        settle(digest, DeliveryStatus.SENT, 5)
        Delivery.objects.filter(status=DeliveryStatus.QUEUED).delete()
    assert not sending.finish(digest, at=LATER)
    assert reporting.report(digest, at=LATER).state is State.STUCK


def test_the_number_of_queries_does_not_grow(
    digest: Digest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        reporting.report(digest, at=LATER)
    with django_assert_max_num_queries(9):
        reporting.progress(digest, at=LATER)


def status(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """What the command prints, and its exit code."""
    code = 0
    try:
        call_command("digest_status", *words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, capsys.readouterr().out


def test_the_terminal_shows_it_without_an_address(
    digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    Batch.objects.update(due_at=timezone.now())
    code, output = status(capsys)
    assert code == State.UNDER_WAY
    uncertain = Delivery.objects.get(status=DeliveryStatus.UNCERTAIN)
    for words in ("6 of 12 readers", "550 5.1.1 No such user", "paused", f"#{uncertain.pk}"):
        assert words in output
    assert "@" not in output


def test_it_speaks_chinese_too(digest: Digest, capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("zh-hans"):
        _, output = status(capsys)
    assert "结果不明" in output
    assert "uncertain" not in output


def test_a_script_reads_it_as_json(digest: Digest, capsys: pytest.CaptureFixture[str]) -> None:
    finish(digest)
    code, output = status(capsys, "--issue", str(digest.issue_id), "--format", "json")
    read = json.loads(output)
    assert (code, read["state"], read["balanced"]) == (State.UNDECIDED, "undecided", True)
    assert read["counts"]["candidates"] == 12
    assert read["reasons"]["paused"] == 1


def test_following_a_finished_digest_ends_at_once_with_its_code(
    digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(digest)
    sending.resolve_uncertain(digest, sending.Decision.COUNT_AS_SENT, at=LATER)
    for form in ("text", "json"):
        code, output = status(capsys, str(digest.pk), "--watch", "--format", form)
        assert code == State.FINISHED
        assert output


def test_each_look_is_at_the_digest_as_it_is_then_and_ctrl_c_ends_with_its_code(
    digest: Digest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(_seconds: float) -> None:
        if Digest.objects.filter(prepared_at=None).update(prepared_at=LATER):
            return
        if Digest.objects.filter(paused_at=None).update(paused_at=LATER):
            return
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    for form, words in (("text", "Paused: nothing is sent"), ("json", '"under_way"')):
        Digest.objects.update(prepared_at=None, paused_at=None)
        code, output = status(capsys, "--watch", "--format", form)
        assert code == State.UNDER_WAY
        assert words in output


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("550 see [/help]", "550 see [/help]"),
        ("550 [link=https://example.org]here[/link]", "550 [link=https://example.org]here[/link]"),
        ("550 \x1b]0;owned\x07\x9b31m\u202eno", "550  ]0;owned  31m no"),
    ],
)
def test_what_a_mail_server_says_is_shown_and_not_obeyed(
    digest: Digest, capsys: pytest.CaptureFixture[str], answer: str, shown: str
) -> None:
    Delivery.objects.filter(status=DeliveryStatus.FAILED).update(smtp_response=answer)
    _, output = status(capsys)
    assert shown in output
    assert all(letter.isprintable() or letter == "\n" for letter in output)


def test_a_digest_that_cannot_be_made_says_why(
    digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    Digest.objects.update(failure="The template is broken")
    code, output = status(capsys)
    assert code == State.STUCK
    assert "The template is broken" in output


@pytest.mark.parametrize("words", [[], ["7"], ["--issue", "7"]])
def test_a_digest_that_is_not_there_is_said(words: list[str], db: None) -> None:
    with pytest.raises(CommandError, match="no such digest"):
        call_command("digest_status", *words)


def test_feedback_of_other_digests_does_not_count(digest: Digest) -> None:
    Feedback.objects.create(kind="soft_bounce", received_at=LATER, key="x")
    assert reporting.report(digest, at=LATER).feedback == {}
