from django.db import migrations

BATCH = 500


def carry(apps, schema_editor):
    """Make the PDF of each issue its file. What lies on the disk stays where it is."""
    Issue = apps.get_model('issues', 'Issue')
    IssueFile = apps.get_model('issues', 'IssueFile')
    old = Issue.objects.values_list('pk', 'bulletin_id', 'pdf', 'pdf_sha256', 'pdf_name', 'page_count')
    IssueFile.objects.bulk_create(
        (
            IssueFile(
                issue_id=pk, bulletin_id=bulletin, position=1, original=pdf, pdf=pdf, suffix='pdf',
                sha256=sha256, name=name, page_count=pages,
            )
            for pk, bulletin, pdf, sha256, name, pages in old.iterator()
        ),
        batch_size=BATCH,
    )


def carry_back(apps, schema_editor):
    """Write the first file of each issue into its row; an issue without files is one of no PDF."""
    Issue = apps.get_model('issues', 'Issue')
    IssueFile = apps.get_model('issues', 'IssueFile')
    for issue in Issue.objects.all().iterator():
        file = IssueFile.objects.filter(issue=issue).order_by('position', 'pk').first()
        issue.pdf = (file.pdf or file.original) if file else ''
        issue.pdf_sha256 = file.sha256 if file else f'none-{issue.pk}'
        issue.save(update_fields=['pdf', 'pdf_sha256'])
    IssueFile.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0007_files_of_an_issue'),
    ]

    operations = [
        migrations.RunPython(carry, carry_back),
    ]
