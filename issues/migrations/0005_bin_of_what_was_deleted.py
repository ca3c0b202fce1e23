"""What was deleted from drafts, into the bin. Going back leaves it there."""

from django.db import migrations

WORDS = ("title", "subtitle", "source", "byline", "date", "places", "confidence")


def to_bin(apps, _schema_editor):
    """Write each removal as entries of the bin."""
    removals = apps.get_model("issues", "Removal").objects.order_by("removed_at", "pk")
    entries = apps.get_model("issues", "BinEntry").objects
    for removal in removals.iterator():
        fields = removal.section["fields"]
        articles = [(_article(row), row["fields"]["position"]) for row in removal.articles]
        if removal.whole_section:
            section = {
                "type": "section",
                "key": removal.section["pk"],
                "title": fields["title"],
                "topic": fields["topic"],
                "not_for_mailing": fields["not_for_mailing"],
                "articles": [article for article, _position in articles],
            }
            things = [(section, 0, fields["position"])]
        else:
            things = [
                (article, removal.section["pk"], position) for article, position in articles
            ]
        for n, (thing, within, position) in enumerate(things):
            key = f"d{removal.pk}-{n}"
            entries.create(
                issue_id=removal.issue_id,
                key=key,
                content={
                    "key": key,
                    "thing": thing,
                    "within": within,
                    "at": max(position - 1, 0),
                },
                dropped_at=removal.removed_at,
            )


def _article(row):
    fields = row["fields"]
    return {
        "type": "article",
        "key": row["pk"],
        **{name: fields[name] for name in WORDS},
        "blocks": [
            {"type": "block", "handle": f"r{row['pk']}-{n}", "passage": passage}
            for n, passage in enumerate(fields["passages"], start=1)
        ],
    }


class Migration(migrations.Migration):

    dependencies = [("issues", "0004_history_and_bin")]

    operations = [
        migrations.RunPython(to_bin, migrations.RunPython.noop),
        migrations.DeleteModel(name="Removal"),
    ]
