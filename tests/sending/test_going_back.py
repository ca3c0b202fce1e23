"""The migration to digests of several issues goes back, also where there are such."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digests import audience, cadence, publishing
from digests.models import Delivery, Digest
from digests.models.digest import Occasion
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of

BEFORE = [("digests", "0006_mails_sent_again")]


@pytest.mark.django_db(transaction=True)
def test_digests_of_several_issues_are_forgotten_on_the_way_back() -> None:
    topics = topics_of(a_bulletin(), ["Water"])
    for cadence_of in ("issue", "weekly"):
        a_reader(topics[0].bulletin, f"{cadence_of}@r.example", topics=topics, cadence=cadence_of)
    for hours in (1, 2):
        digest = publishing.publish(
            a_draft(topics[0].bulletin, {"Water": topics[0]}), at=NOON + timedelta(hours=hours)
        )
        assert audience.prepare(digest, at=NOON)
    (weekly,) = cadence.open_due(at=NOON + timedelta(days=7))
    assert audience.prepare(weekly, at=NOON + timedelta(days=7))
    assert weekly.occasion == Occasion.WEEKLY
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate(BEFORE)
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert set(Digest.objects.values_list("occasion", flat=True)) == {Occasion.ISSUE}
    assert Delivery.objects.count() == 4
