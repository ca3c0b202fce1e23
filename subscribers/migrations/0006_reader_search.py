"""Indexes by which readers are found by a part of their address or name, on PostgreSQL."""

import logging

from django.db import DatabaseError, migrations, transaction

logger = logging.getLogger(__name__)

ADDRESSES = """
    CREATE INDEX subscriber_address_parts ON subscribers_subscriber
    USING gin (upper(address::text) gin_trgm_ops)"""
NAMES = """
    CREATE INDEX subscriber_name_parts ON subscribers_subscriber
    USING gin (string_to_array(upper(name::text), NULL))"""


def make(apps, schema_editor):
    """Make them. Where the extension is not there, or this user may not have it, the search goes
    without the index of addresses: all addresses are read. Who has the extension made later takes
    this migration back and applies it again."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    schema_editor.execute(NAMES)
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(ADDRESSES)
    except DatabaseError as error:
        logger.warning("no index of the parts of addresses: %s", type(error.__cause__).__name__)


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS subscriber_address_parts")
        schema_editor.execute("DROP INDEX IF EXISTS subscriber_name_parts")


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0005_what_the_office_knows_of_readers")]

    operations = [migrations.RunPython(make, take_away)]
