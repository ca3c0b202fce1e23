"""Old deliveries are forgotten; what became of the readers is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from digests import bounces, sending
from digests.models import Delivery, Feedback
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
    assert sending.count(digest) == before
    assert before.balanced
    assert Feedback.objects.get().subscriber == delivery.subscriber


def test_what_is_younger_or_unfinished_stays(delivery: Delivery) -> None:
    assert sending.prune(before=LATER + DAY) == 0
    assert sending.finish(delivery.digest, at=LATER)
    assert sending.prune(before=LATER) == 0
    call_command("prune_deliveries", older_than=36500)
    assert Delivery.objects.exists()


def test_the_age_is_at_least_a_day(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("prune_deliveries", older_than=0)
