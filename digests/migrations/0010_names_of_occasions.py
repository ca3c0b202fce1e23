from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('digests', '0009_new_topics'),
    ]

    operations = [
        migrations.AlterField(
            model_name='digest',
            name='occasion',
            field=models.CharField(choices=[('issue', 'an issue'), ('weekly', 'weekly digest'), ('monthly', 'monthly digest'), ('catch-up', 'catching up after a pause'), ('welcome', 'first digest of new readers')], db_default='issue', default='issue', max_length=8, verbose_name='occasion'),
        ),
    ]
