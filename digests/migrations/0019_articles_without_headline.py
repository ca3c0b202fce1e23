from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digests", "0017_batches_by_name")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="title",
            field=models.CharField(blank=True, max_length=500, verbose_name="headline"),
        ),
    ]
