"""Two workers that prepare one digest at once do it once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from digests import audience, publishing
from digests.models import Delivery, Digest
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of


@pytest.mark.django_db
def test_a_step_that_another_worker_has_taken_meanwhile_is_passed_over() -> None:
    bulletin = a_bulletin()
    (water,) = topics_of(bulletin, ["Water"])
    for n in range(3):
        a_reader(bulletin, f"{n}@reader.example", topics=[water])
    digest = publishing.publish(a_draft(bulletin, {"Water": water}), at=NOON)
    overtaken: list[bool] = []

    def overtaking(execute: Any, sql: str, *rest: Any) -> Any:
        """Before this worker takes the step that it looked up, another one has done all of it."""
        if sql.startswith("UPDATE") and '"prepared_to" =' in sql and not overtaken:
            overtaken.append(True)
            assert audience.prepare(Digest.objects.get(), at=NOON)
        return execute(sql, *rest)

    with connection.execute_wrapper(overtaking):
        assert audience.prepare(digest, at=NOON)
    assert overtaken
    assert Delivery.objects.count() == 3
    assert Digest.objects.get().candidates == 3
