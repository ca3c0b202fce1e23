from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digests", "0014_resent_once")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="title",
            field=models.CharField(blank=True, max_length=500, verbose_name="headline"),
        ),
    ]
