import django.db.models.deletion
import issues.models.issue_file
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0006_bin_of_issues'),
        ('publications', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='issue', name='issue_once_a_file'),
        migrations.AddField('issue', 'unreadable_file', models.CharField(blank=True, default='', editable=False, max_length=255), preserve_default=False),
        migrations.CreateModel(
            name='IssueFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('original', models.FileField(max_length=200, upload_to=issues.models.issue_file.original_path, verbose_name='file')),
                ('suffix', models.CharField(max_length=10)),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255, verbose_name='file name')),
                ('pdf', models.FileField(blank=True, max_length=200, upload_to=issues.models.issue_file.pdf_path, verbose_name='PDF')),
                ('page_count', models.PositiveIntegerField(default=0, verbose_name='pages')),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publications.bulletin')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='issues.issue')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('bulletin'), models.F('sha256'), name='file_once_a_bulletin')],
            },
        ),
    ]
