"""Traditional characters are searched for as simplified ones: the column is written down anew."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model('issues', 'Article').objects.update(search_text=None)


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0013_files_of_a_new_reading'),
    ]

    operations = [
        migrations.RunPython(forget, forget),
    ]
