from collections import Counter

from django.db import migrations, models

UNUSED = 40  # the first bit of a topic mask that stands for no topic, if there are not as many


def tell_apart(apps, schema_editor):
    """Before the phrases go, have editions differ in bits that stand for no topic: two of the same
    articles may have readers, and without the phrases their keys would be one."""
    editions = apps.get_model("digests", "Edition").objects
    seen = Counter()
    rows = editions.exclude(alert_articles="").order_by("pk")
    for pk, *key in rows.values_list("pk", "digest", "language", "topic_mask", "alert_articles"):
        number = seen[tuple(key)]
        seen[tuple(key)] += 1
        if number:
            editions.filter(pk=pk).update(topic_mask=models.F("topic_mask") + (number << UNUSED))


class Migration(migrations.Migration):

    dependencies = [
        ('digests', '0007_several_issues'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='edition',
            name='edition_once',
        ),
        migrations.AddField(
            model_name='digest',
            name='texts',
            field=models.JSONField(db_default=[], default=list, editable=False),
        ),
        migrations.AddField(
            model_name='edition',
            name='alert_keywords',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.RunPython(migrations.RunPython.noop, tell_apart),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(models.F('digest'), models.F('language'), models.F('topic_mask'), models.F('issue_mask'), models.F('alert_articles'), models.F('alert_keywords'), name='edition_once'),
        ),
    ]
