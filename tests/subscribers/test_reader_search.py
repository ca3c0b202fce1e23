"""Readers are found by a part of their address or name, on PostgreSQL by indexes."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from subscribers import reader_search
from subscribers.models import Subscriber
from tests.support.factories import a_bulletin, a_reader

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")

READERS = {
    "ann.smith@office.example": "安 Ann",
    "BEN@Office.example": "张伟",
    "c_d%e@x.example": "",
}


@pytest.fixture
def readers() -> dict[str, int]:
    bulletin = a_bulletin()
    made = {address: a_reader(bulletin, address, topics=[]) for address in READERS}
    for address, reader in made.items():
        Subscriber.objects.filter(pk=reader.pk).update(name=READERS[address])
    return {address: reader.pk for address, reader in made.items()}


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("smith", ["ann.smith@office.example"]),
        ("SMITH office", ["ann.smith@office.example"]),
        ("office.EX", ["ann.smith@office.example", "BEN@Office.example"]),
        ("n@o", ["BEN@Office.example"]),
        ("张", ["BEN@Office.example"]),
        ("张伟", ["BEN@Office.example"]),
        ("伟张", []),
        ("ann 安", ["ann.smith@office.example"]),
        ("_d%", ["c_d%e@x.example"]),
        ("x_y", []),
        ("'; DROP TABLE", []),
        ("nobody", []),
        ("  ", []),
    ],
)
def test_each_word_is_a_part_of_the_address_or_of_the_name(
    readers: dict[str, int], term: str, names: list[str]
) -> None:
    assert set(reader_search.found(term, most=10)) == {readers[name] for name in names}


def test_no_part_of_an_address_finds_anybody_for_who_may_not_see_addresses(
    readers: dict[str, int],
) -> None:
    assert reader_search.found("smith", most=10, addresses_of=frozenset()) == []
    assert reader_search.found("安", most=10, addresses_of=frozenset()) != []


def test_no_more_are_found_than_wanted(readers: dict[str, int]) -> None:
    assert len(reader_search.found("example", most=2)) == 2


class TestSameEverywhere(TestCase):
    """The indexes find whom reading all would find."""

    @how(max_examples=40)
    @given(st.text(alphabet="安张伟aB%_\\ '\"{},1", max_size=4))
    @example('{"')
    def test_by_any_characters_of_a_name(self, part: str) -> None:
        reader = a_reader(a_bulletin(), "a@reader.example", topics=[])
        Subscriber.objects.filter(pk=reader.pk).update(name=f"张伟 aB {part} 1")
        words = part.split()
        assert (reader.pk in reader_search.found(part, most=5)) == bool(words)


@on_postgresql
@pytest.mark.parametrize(
    ("term", "index"), [("mith", "subscriber_address_parts"), ("张伟", "subscriber_name_parts")]
)
def test_an_index_answers(readers: dict[str, int], term: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        reader_search.found(term, most=10)
    plans = []
    for each in asked:
        if each["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {each['sql']}")
                plans += [line for (line,) in cursor.fetchall()]
    assert any(index in line for line in plans), plans


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Subscriber._meta.db_table)
    return {name for name in found if name.endswith("_parts")}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_indexes_are_made_and_taken_back() -> None:
    both = {"subscriber_address_parts", "subscriber_name_parts"}
    assert indexes() == both
    before = [("subscribers", "0005_what_the_office_knows_of_readers")]
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    for names, expected in ((before, set()), (latest, both)):
        executor = MigrationExecutor(connection)
        executor.migrate(names)
        assert indexes() == expected


@on_postgresql
def test_without_the_extension_the_search_goes_on_without_that_index(
    readers: dict[str, int],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX subscriber_address_parts, subscriber_name_parts")
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE nobody_much NOLOGIN")
        cursor.execute("GRANT ALL ON SCHEMA public TO nobody_much")
        cursor.execute("ALTER TABLE subscribers_subscriber OWNER TO nobody_much")
        cursor.execute("SET LOCAL ROLE nobody_much")
        cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        if cursor.fetchone() == (True,):
            pytest.skip("anybody may create extensions here")
    module = importlib.import_module("subscribers.migrations.0006_reader_search")
    with connection.schema_editor() as editor:
        module.make(apps, editor)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert indexes() == {"subscriber_name_parts"}
    assert reader_search.found("smith", most=10) == [readers["ann.smith@office.example"]]
