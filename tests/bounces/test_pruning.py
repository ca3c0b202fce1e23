"""Old deliveries are forgotten; what became of the readers is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from digests import bounces, sending
from digests.models import Batch, Delivery, Digest, Edition, Feedback
from digests.tasks import prune_deliveries
from tests.support.returned_mails import LATER, key_of, mail

DAY = timedelta(days=1)


def test_the_counts_and_the_feedback_of_a_pruned_digest_stay(delivery: Delivery) -> None:
    digest = delivery.digest
    assert sending.finish(digest, at=LATER)
    bounces.receive(mail("postfix-full", key_of(delivery)), at=LATER)
    before = sending.count(digest)
    assert sending.prune(before=LATER + DAY) == 1
    assert sending.prune(before=LATER + DAY) == 0
    assert not Delivery.objects.exists()
    assert not Edition.objects.exists()
    assert not Batch.objects.exists()
    assert before.editions == 1
    assert sending.count(digest) == before
    assert before.balanced
    assert Feedback.objects.get().subscriber == delivery.subscriber


def test_what_a_digest_was_rendered_to_goes_with_its_last_delivery(delivery: Delivery) -> None:
    digest = delivery.digest
    other = Digest.objects.create(
        bulletin=digest.bulletin,
        occasion="welcome",
        opened_at=LATER,
        finished_at=LATER + 2 * DAY,
        blocks={"en": {}},
    )
    Digest.objects.filter(pk=digest.pk).update(blocks={"en": {}}, texts=[[1, "words"]])
    assert sending.finish(digest, at=LATER)
    sending.prune(before=LATER)
    assert Digest.objects.exclude(blocks={}).count() == 2  # both are younger
    sending.prune(before=LATER + DAY)
    digest.refresh_from_db()
    assert (digest.blocks, digest.texts) == ({}, [])
    other.refresh_from_db()
    assert other.blocks


def test_what_is_younger_or_unfinished_stays(delivery: Delivery) -> None:
    assert sending.prune(before=LATER + DAY) == 0
    assert sending.finish(delivery.digest, at=LATER)
    assert sending.prune(before=LATER) == 0
    call_command("prune_deliveries", older_than=36500)
    assert Delivery.objects.exists()


def test_the_beat_prunes_what_is_older_than_is_set(
    delivery: Delivery, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - 401 * DAY
    assert sending.finish(delivery.digest, at=long_ago)
    settings.DELIVERY_DAYS = 0
    prune_deliveries()
    settings.DELIVERY_DAYS, settings.CATCH_UP_DAYS = 100, 500
    prune_deliveries()
    settings.DELIVERY_DAYS, settings.CATCH_UP_DAYS = 400, 100
    with monkeypatch.context() as patch:
        patch.setattr("digests.tasks.clock.is_steady", lambda: False)
        prune_deliveries()
    assert Delivery.objects.exists()
    prune_deliveries()
    assert not Delivery.objects.exists()
    scheduled = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "digests.tasks.prune_deliveries" in scheduled


def test_pruning_that_is_stopped_goes_on_the_next_time(delivery: Delivery) -> None:
    assert sending.finish(delivery.digest, at=LATER)
    assert sending.prune(before=LATER + DAY, stop=lambda: True) == 0
    assert sending.prune(before=LATER + DAY) == 1


def test_the_age_is_at_least_a_day(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("prune_deliveries", older_than=0)
