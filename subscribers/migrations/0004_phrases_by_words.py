"""What phrases find is decided by words now, and with it which of them are the same."""

from django.db import migrations

from subscribers.keywords.query import MAX_KEY, phrase_of


def with_new_keys(apps, schema_editor):
    """Of a reader's phrases that find the same now, the first one stays."""
    KeywordAlert = apps.get_model('subscribers', 'KeywordAlert')
    seen = set()
    doubles, changed = [], []
    for alert in KeywordAlert.objects.order_by('subscriber_id', 'pk').iterator():
        key = phrase_of(alert.phrase).key[:MAX_KEY]
        if (alert.subscriber_id, key) in seen:
            doubles.append(alert.pk)
            continue
        seen.add((alert.subscriber_id, key))
        if key != alert.key:
            alert.key = key
            changed.append(alert)
    KeywordAlert.objects.filter(pk__in=doubles).delete()
    # In two steps: a new key may be the former one of another phrase of the same reader.
    for alert in changed:
        KeywordAlert.objects.filter(pk=alert.pk).update(key=f'?{alert.pk}')
    KeywordAlert.objects.bulk_update(changed, ['key'], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('subscribers', '0003_readers_who_came_and_left'),
    ]

    operations = [
        migrations.RunPython(with_new_keys, migrations.RunPython.noop),
    ]
