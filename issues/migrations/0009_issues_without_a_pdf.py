import issues.models.issue
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0008_each_pdf_is_a_file'),
    ]

    # Backwards the columns come back without values, which the migration before this one fills in.
    operations = [
        migrations.AlterField('issue', 'pdf_sha256', models.CharField(default='', editable=False, max_length=64)),
        migrations.AlterField('issue', 'pdf', models.FileField(default='', max_length=200, upload_to=issues.models.issue.pdf_path, verbose_name='PDF')),
        migrations.RemoveField(model_name='issue', name='pdf'),
        migrations.RemoveField(model_name='issue', name='pdf_sha256'),
        migrations.RenameField(model_name='issue', old_name='pdf_name', new_name='file_name'),
        migrations.AlterField('issue', 'file_name', models.CharField(blank=True, editable=False, max_length=255, verbose_name='file name')),
    ]
