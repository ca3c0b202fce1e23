"""How PostgreSQL keeps deliveries, and the name of this service."""

import secrets

from django.db import migrations


def lay_out(apps, schema_editor):
    """Pages with room for what their rows become, and an index of which digest lies where.

    Deliveries are settled without touching an index, so that PostgreSQL can change them in their
    place (HOT updates) where the page has room. Those of a digest lie together: on which pages takes
    a few kB to know, and less than the whole table is read for them. Several intervals a range,
    because the room of what was pruned is used anew. `digest_id` never changes.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE digests_delivery SET (fillfactor = 50)")
        schema_editor.execute(
            "CREATE INDEX delivery_digests ON digests_delivery"
            " USING brin (digest_id int8_minmax_multi_ops) WITH (autosummarize = on)"
        )


def put_back(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX delivery_digests")
        schema_editor.execute("ALTER TABLE digests_delivery RESET (fillfactor)")


def name_the_service(apps, schema_editor):
    """What all copies of this database share, and no other database has."""
    origins = apps.get_model("digests", "Origin").objects
    origins.get_or_create(pk=1, defaults={"service": secrets.token_hex(16)})


class Migration(migrations.Migration):
    dependencies = [("digests", "0001_initial")]

    operations = [
        migrations.RunPython(lay_out, put_back),
        migrations.RunPython(name_the_service, migrations.RunPython.noop),
    ]
