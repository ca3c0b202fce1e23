"""A list is taken in by batches, once, by whoever goes on with it; and all of it can be undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from publications.models import Bulletin, Topic
from subscribers import (
    addresses,
    change_of_address,
    erased_addresses,
    preferences,
    signing_up,
    suppressions,
    unsubscribing,
)
from subscribers.importing import forgetting, reverting, staging, taking, working
from subscribers.models import (
    ImportedReader,
    ImportRow,
    ImportStatus,
    ReaderImport,
    SignUpRequest,
    Subscriber,
    Subscription,
)
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from subscribers.tasks import sweep
from tests.support.factories import NOON, a_digest, a_draft, a_reader
from tests.support.lists import an_import, taken, undone, worked
from tests.support.readers import followed

LIST = "Email,Name,Unit,Topics\nann@office.example,Ann,Water,Law\nbob@office.example,Bob,,\n"
LATER = NOON + timedelta(days=1)


def numbers(run: ReaderImport) -> dict[str, int]:
    return dict(run.numbers["taken"])


def test_those_of_a_list_are_readers_with_the_source_of_their_consent(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    run = taken(an_import(bulletin, LIST), topics[1:2])
    assert run.status == ImportStatus.DONE
    ann, bob = Subscriber.objects.order_by("address")
    assert (ann.name, ann.unit, ann.confirmed_at) == ("Ann", "Water", NOON)
    assert (followed(ann), followed(bob)) == ({"Law"}, {"Markets"})
    assert set(Subscription.objects.values_list("consent", "source")) == {
        ("signed lists of the spring meeting", "import")
    }
    assert Subscriber.objects.mailable(at=LATER).count() == 2
    assert ann.link_key != bob.link_key


def test_the_same_list_twice_changes_nothing(bulletin: Bulletin, topics: list[Topic]) -> None:
    taken(an_import(bulletin, LIST), topics)
    before = list(Subscriber.objects.values()), list(Subscription.objects.values())
    again = taken(an_import(bulletin, LIST), topics, complete=True, at=LATER)
    assert (list(Subscriber.objects.values()), list(Subscription.objects.values())) == before
    assert numbers(again) == {"known": 2}


def test_who_is_suppressed_has_left_or_was_erased_does_not_come_back(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    left = a_reader(bulletin, "left@office.example", topics=topics)
    unsubscribing.unsubscribe(left.pk, at=NOON, reason=EndReason.ONE_CLICK)
    erased = a_reader(bulletin, "erased@office.example")
    assert erased_addresses.erase(erased.pk, at=NOON)
    suppressions.suppress(
        "gone@office.example", reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON
    )
    suppressions.refuse_confirmations("notme@office.example", at=NOON)
    rows = "\n".join(f"{name}@office.example" for name in ("left", "erased", "gone", "notme"))
    run = taken(an_import(bulletin, f"email\n{rows}\n", at=LATER), topics, at=LATER)
    assert numbers(run) == {"left": 1, "erased": 1, "suppressed": 2}
    assert not Subscriber.objects.mailable(at=LATER).exists()


def test_who_left_may_be_asked_and_comes_back_by_confirming_anew(
    bulletin: Bulletin, topics: list[Topic], settings: Settings
) -> None:
    left = a_reader(bulletin, "left@office.example", topics=topics)
    unsubscribing.unsubscribe(left.pk, at=NOON, reason=EndReason.ONE_CLICK)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run = an_import(bulletin, "email\nleft@office.example\nnew@office.example\n", at=LATER)
    run = taken(run, topics[:1], ask=True, at=LATER)
    assert numbers(run) == {"asked": 2}
    assert not Subscriber.objects.mailable(at=LATER).exists()
    sweep()
    assert sorted(each.to[0] for each in mail.outbox) == [
        "left@office.example",
        "new@office.example",
    ]
    assert signing_up.confirm(left.pk, at=LATER)
    assert left.subscriptions.current().get().consent == "signed lists of the spring meeting"
    back = undone(run, at=LATER)
    assert back.numbers["back"] == {"undone": 1, "kept": 1}
    assert Subscriber.objects.get() == left


def test_no_more_are_asked_than_may_sign_up_and_the_rest_later(
    bulletin: Bulletin, topics: list[Topic], settings: Settings
) -> None:
    settings.SITE_SIGN_UPS_PER_HOUR = 3
    rows = "\n".join(f"r{n}@office.example" for n in range(5))
    run = taken(an_import(bulletin, f"email\n{rows}\n"), topics, ask=True)
    assert (run.status, numbers(run)) == (ImportStatus.RUNNING, {"asked": 3})
    assert numbers(worked(run, at=NOON + timedelta(minutes=59))) == {"asked": 3}
    run = worked(run, at=NOON + timedelta(minutes=61))
    assert (run.status, numbers(run)) == (ImportStatus.DONE, {"asked": 5})


def test_who_had_not_confirmed_becomes_a_reader_and_waits_again_when_it_is_undone(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    address = addresses.parse("ann@office.example")
    signing_up.sign_up(bulletin, address=address, topics=topics[2:], language="en", at=NOON)
    before = _everything()
    run = taken(an_import(bulletin, LIST, at=LATER), topics, at=LATER)
    assert numbers(run) == {"confirmed": 1, "new": 1}
    undone(run, at=LATER)
    assert _everything() == before


def test_known_readers_get_what_is_missing_but_nothing_that_they_ended(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    ann = a_reader(bulletin, "ann@office.example", topics=topics[:1])
    preferences.stop(ann.pk, topic_id=topics[0].pk, at=NOON)
    before = _everything()
    content = "Email,Name,Topics\nann@office.example,Ann,Law; Markets\n"
    run = taken(an_import(bulletin, content), topics, complete=True, at=LATER)
    assert numbers(run) == {"updated": 1}
    assert followed(ann) == {"Markets"}
    undone(run, at=LATER)
    assert _everything() == before


def test_undoing_gives_back_what_was_but_keeps_what_readers_did_themselves(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    a_reader(bulletin, "old@office.example", topics=topics)
    before = _everything()
    names = ("left", "paused", "chose", "renamed", "nothing")
    rows = "\n".join(f"{name}@office.example" for name in names)
    run = taken(an_import(bulletin, f"email\n{rows}\nold@office.example\n"), topics[:1])
    readers = {one.address.partition("@")[0]: one for one in Subscriber.objects.all()}
    unsubscribing.unsubscribe(readers["left"].pk, at=LATER, reason=EndReason.LEFT)
    preferences.pause(readers["paused"].pk, at=LATER)
    preferences.choose(
        readers["chose"], topics=topics[:2], keyword_alerts=[], language="en", format="html",
        time_zone="", name="", at=LATER,
    )  # fmt: skip
    Subscriber.objects.filter(pk=readers["renamed"].pk).update(name="Own")
    run = undone(run, at=LATER)
    assert run.numbers["back"] == {"undone": 1, "kept": 4}
    kept = Subscriber.objects.exclude(address="old@office.example")
    assert {one.address.partition("@")[0] for one in kept} == {"left", "paused", "chose", "renamed"}
    kept.delete()
    assert _everything() == before
    assert not reverting.start(run.pk, at=LATER)


@pytest.mark.parametrize(
    "chosen",
    [{"cadence": "weekly"}, {"length": "short"}, {"format": "text"}, {"time_zone": "Asia/Tokyo"}],
)
def test_undoing_keeps_whoever_chose_how_they_are_mailed(
    bulletin: Bulletin, topics: list[Topic], chosen: dict[str, str]
) -> None:
    run = taken(an_import(bulletin, LIST), topics[:1])
    ann, _bob = Subscriber.objects.order_by("address")
    kept: Any = {"language": "en", "format": "html", "time_zone": "", "name": ann.name} | chosen
    assert preferences.choose(ann, topics=topics[:1], keyword_alerts=[], at=LATER, **kept)
    assert undone(run, at=LATER).numbers["back"] == {"undone": 1, "kept": 1}
    assert Subscriber.objects.get() == ann


def test_undoing_keeps_whom_the_office_has_a_note_of_and_who_has_another_address(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    run = taken(an_import(bulletin, LIST + "cat@office.example,Cat,,\n"), topics[:1])
    ann, bob, _cat = Subscriber.objects.order_by("address")
    ann.notes.create(text="Asked for it by telephone.", written_at=LATER)
    change = change_of_address.request(bob, addresses.parse("bob@home.example"), at=LATER)
    assert change_of_address.confirm(change.pk, at=LATER)
    undone(run, at=LATER)
    kept = Subscriber.objects.order_by("address").values_list("address", flat=True)
    assert list(kept) == ["ann@office.example", "bob@home.example"]


def test_an_import_can_be_undone_for_thirty_days_and_its_rows_are_forgotten_then(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    run = taken(an_import(bulletin, LIST + "no address,,,\n"), topics)
    assert ImportRow.objects.count() == 1
    forgetting.forget(at=NOON + timedelta(days=29))
    assert ImportedReader.objects.count() == 2
    forgetting.forget(at=NOON + timedelta(days=30))
    assert not ImportedReader.objects.exists()
    assert not ImportRow.objects.exists()
    assert not reverting.start(run.pk, at=NOON + timedelta(days=30))


def test_the_file_is_kept_where_no_server_shows_it_until_it_is_taken_in(
    bulletin: Bulletin,
    topics: list[Topic],
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    run = an_import(bulletin, LIST)
    path = Path(run.file.path)
    assert path.stat().st_mode & 0o077 == 0
    assert not path.is_relative_to(settings.MEDIA_ROOT)
    with django_capture_on_commit_callbacks(execute=True):
        taken(run, topics)
    assert not path.exists()


def test_a_list_that_nobody_takes_in_is_forgotten_after_a_week(bulletin: Bulletin) -> None:
    run = an_import(bulletin, LIST)
    path = Path(run.file.path)
    forgetting.forget(at=NOON + timedelta(days=7))
    assert not path.exists()
    assert not ImportRow.objects.exists()
    assert ReaderImport.objects.get().status == ImportStatus.DISCARDED


def test_whoever_is_killed_goes_on_after_the_last_batch(
    bulletin: Bulletin, topics: list[Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (staging, taking, reverting):
        monkeypatch.setattr(module, "BATCH", 10)
    content = "email\n" + "".join(f"r{n}@office.example\nbad {n}\n" for n in range(25))
    run = ReaderImport.objects.get(pk=an_import(bulletin, "email\na@b.example\n").pk)
    Path(run.file.path).write_text(content)
    assert staging.read_again(run.pk, staging.layout_of(run))
    steps = _stepwise(run)
    assert steps > 4
    run.refresh_from_db()
    assert (run.status, run.numbers["read"], run.numbers["bad"]) == (ImportStatus.READY, 25, 25)
    decision = taking.Decision(
        "c", ask=False, language="en", topics=(topics[0].pk,), complete=False
    )
    taking.start(run.pk, decision, at=NOON)
    working.work(run.pk, clock=lambda: NOON, should_stop=lambda: True)
    assert Subscriber.objects.count() == 10
    _stepwise(run)
    assert Subscriber.objects.count() == 25
    reverting.start(run.pk, at=NOON)
    _stepwise(run)
    assert not Subscriber.objects.exists()


def test_an_import_that_nobody_works_on_is_found_by_the_sweep(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    run = an_import(bulletin, LIST)
    decision = taking.Decision(
        "c", ask=False, language="en", topics=(topics[0].pk,), complete=False
    )
    taking.start(run.pk, decision, at=NOON)
    sweep()
    assert ReaderImport.objects.get().status == ImportStatus.DONE
    assert not taking.start(run.pk, decision, at=NOON)


def test_two_lists_at_once_and_a_sign_up_between_make_each_reader_once(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    one, two = an_import(bulletin, LIST), an_import(bulletin, LIST)
    decision = taking.Decision("c", ask=False, language="en", topics=(topics[0].pk,), complete=True)
    for run in (one, two):
        assert taking.start(run.pk, decision, at=NOON)
    a_reader(bulletin, "ann@office.example", topics=topics)
    assert numbers(worked(one)) == {"updated": 1, "new": 1}
    assert numbers(worked(two)) == {"known": 2}
    assert Subscriber.objects.count() == 2


def test_addresses_that_stand_twice_are_counted_and_taken_once(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    content = "email,name\n" + "".join(
        f"{'Ann' if n % 2 else 'ann'}@office.example,Name {n}\n" for n in range(5_000)
    )
    run = an_import(bulletin, content)
    assert (run.numbers["read"], run.numbers["twice"]) == (5_000, 4_999)
    taken(run, topics)
    assert Subscriber.objects.get().name == "Name 0"


def test_an_import_during_a_mailing_changes_nothing_of_it(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    a_reader(bulletin, "old@office.example", topics=topics)
    digest = a_digest(a_draft(bulletin, {"Law": topics[0]}), at=NOON + timedelta(hours=1))
    taken(an_import(bulletin, LIST), topics, at=LATER)
    assert digest.deliveries.count() == 1


def _stepwise(run: ReaderImport) -> int:
    """Go on until the end, by workers each of which ends after one batch; how many."""
    steps = 0
    while ReaderImport.objects.unattended(at=LATER + timedelta(days=1)).exists():
        working.work(run.pk, clock=lambda: NOON, should_stop=lambda: True)
        steps += 1
    return steps


def _everything() -> list[object]:
    """All that is known of readers, but for what says how it is mailed."""
    readers = Subscriber.objects.order_by("pk").values_list(
        "address", "name", "unit", "language", "signed_up_at", "confirmed_at", "unsubscribed_at"
    )
    return [
        list(readers),
        list(Subscription.objects.order_by("pk").values()),
        list(SignUpRequest.objects.order_by("subscriber").values("subscriber", "requested_at")),
        [
            list(each.topics.order_by("pk").values_list("pk", flat=True))
            for each in SignUpRequest.objects.all()
        ],
    ]


def test_undoing_the_later_of_two_imports_gives_back_what_the_first_had_made(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    rows = "email\ncat@office.example\n"
    taken(an_import(bulletin, rows), topics[:1], ask=True)
    later = taken(an_import(bulletin, rows, at=LATER), topics[:1], at=LATER)
    assert Subscriber.objects.get().confirmed_at == LATER
    undone(later, at=LATER)
    assert Subscriber.objects.get().confirmed_at is None
    assert SignUpRequest.objects.get().subscriber == Subscriber.objects.get()
