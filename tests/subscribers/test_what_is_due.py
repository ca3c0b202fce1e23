"""What the sender owes a reader after they confirmed, came back, ended a pause, or want mail more
often: a first mail, or once what they missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from publications.models import Bulletin, Topic
from subscribers import addresses, preferences, signing_up, undoing, unsubscribing
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON

HOUR = timedelta(hours=1)
LATER = NOON + HOUR
CHOICES: Any = {"keyword_alerts": (), "language": "en", "format": "html", "time_zone": ""}


def due(reader: Subscriber) -> tuple[datetime | None, datetime | None, datetime | None]:
    reader.refresh_from_db()
    return reader.welcome_due_at, reader.catch_up_due_at, reader.missing_since


def sign_up(bulletin: Bulletin, topics: list[Topic]) -> Subscriber:
    address = addresses.parse("ann@reader.example")
    return signing_up.sign_up(bulletin, address=address, topics=topics, language="en", at=NOON)


def test_a_first_mail_is_due_when_somebody_confirms(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    reader = sign_up(bulletin, topics)
    assert due(reader) == (None, None, None)
    signing_up.confirm(reader.pk, at=LATER)
    assert due(reader) == (LATER, None, None)
    signing_up.confirm(reader.pk, at=LATER + HOUR)  # pressed twice
    assert due(reader) == (LATER, None, None)


def test_who_comes_back_is_owed_what_was_since_they_left(
    reader: Subscriber, bulletin: Bulletin, topics: list[Topic]
) -> None:
    preferences.pause(reader.pk, at=NOON - HOUR)
    preferences.resume(reader.pk, at=NOON - HOUR)
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    sign_up(bulletin, topics)
    signing_up.confirm(reader.pk, at=LATER)
    assert due(reader) == (LATER, None, NOON)


def test_undoing_owes_what_was_missed_meanwhile(reader: Subscriber) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    undoing.undo_leaving(reader.pk, left_at=NOON, at=LATER)
    assert due(reader) == (None, LATER, NOON)


def test_ending_a_pause_owes_what_was_missed(reader: Subscriber) -> None:
    assert not preferences.resume(reader.pk, at=NOON)
    assert due(reader) == (None, None, None)
    preferences.pause(reader.pk, at=NOON)
    assert preferences.resume(reader.pk, at=LATER)
    assert due(reader) == (None, LATER, None)


@pytest.mark.parametrize("before", ["weekly", "monthly"])
def test_from_seldom_to_each_issue_owes_what_was_gathered(
    before: str, reader: Subscriber, topics: list[Topic]
) -> None:
    assert preferences.change_cadence(reader.pk, before, at=NOON)
    assert due(reader) == (None, None, None)
    preferences.choose(reader, topics=topics, name="", **CHOICES, cadence="issue", at=LATER)
    assert due(reader) == (None, LATER, None)
    assert reader.cadence == "issue"
    assert not preferences.change_cadence(reader.pk, "issue", at=LATER + HOUR)
    assert due(reader) == (None, LATER, None)


def test_choosing_keeps_a_cadence_and_a_length_that_are_not_named(
    reader: Subscriber, topics: list[Topic]
) -> None:
    Subscriber.objects.update(cadence="weekly", length="short")
    preferences.choose(reader, topics=topics, name="", **CHOICES, at=NOON)
    assert due(reader) == (None, None, None)
    assert (reader.cadence, reader.length) == ("weekly", "short")
    preferences.choose(reader, topics=topics, name="", **CHOICES, length="headlines", at=NOON)
    reader.refresh_from_db()
    assert reader.length == "headlines"


def test_who_left_changes_no_cadence_and_pauses_no_more(reader: Subscriber) -> None:
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    assert not preferences.change_cadence(reader.pk, "weekly", at=LATER)
    assert not preferences.pause_until(reader.pk, until=LATER + HOUR)
    reader.refresh_from_db()
    assert (reader.cadence, reader.paused_until) == ("issue", None)
