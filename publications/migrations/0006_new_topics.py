import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publications', '0005_readers_pace'),
    ]

    operations = [
        migrations.AddField(
            model_name='topic',
            name='offered_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        # Only then, so that the topics that are there already are not taken for new ones.
        migrations.AlterField(
            model_name='topic',
            name='offered_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, null=True),
        ),
    ]
