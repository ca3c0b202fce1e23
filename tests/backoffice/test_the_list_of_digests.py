"""The list of digests shows those of many readers, and the small ones where they are asked for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digests.models import Digest
from digests.models.digest import Occasion
from publications.models import Bulletin
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def digests(bulletin: Bulletin) -> None:
    """One of each occasion that has no issue, and forty first mails."""
    occasions = [Occasion.WEEKLY, Occasion.MONTHLY, Occasion.CATCH_UP, *[Occasion.WELCOME] * 40]
    Digest.objects.bulk_create(
        Digest(bulletin=bulletin, occasion=one, opened_at=NOON, outcome={}) for one in occasions
    )


@pytest.mark.usefixtures("digests")
@pytest.mark.parametrize(
    ("query", "number"),
    [("", 2), ("?occasion=welcome", 40), ("?occasion=catch-up", 1), ("?occasion=all", 43)],
)
def test_first_mails_and_those_after_a_pause_stand_behind_a_filter(
    admin_client: Client, query: str, number: int
) -> None:
    page = admin_client.get(reverse("admin:digests_digest_changelist") + query)
    assert page.context["cl"].result_count == number


@pytest.mark.usefixtures("digests")
def test_a_long_list_of_them_takes_no_more_queries_than_a_short_one(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = reverse("admin:digests_digest_changelist")
    with CaptureQueriesContext(connection) as short:
        admin_client.get(f"{path}?occasion=catch-up")
    with django_assert_max_num_queries(len(short)):
        admin_client.get(f"{path}?occasion=welcome")
