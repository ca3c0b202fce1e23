import django.db.models.deletion
from django.db import migrations, models


def leave_room(apps, schema_editor):
    """Each page has room for what its rows become: they are settled without touching an index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE digests_delivery SET (fillfactor = 50)")


def fill_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE digests_delivery RESET (fillfactor)")


class Migration(migrations.Migration):

    dependencies = [
        ('digests', '0009_pace'),
        ('subscribers', '0005_time_zones'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_counts',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='subscriber',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='subscribers.subscriber', verbose_name='subscriber'),
        ),
        migrations.RunPython(leave_room, fill_up),
    ]
