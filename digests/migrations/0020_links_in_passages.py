"""Links stand at their words. Of the older ones nobody wrote down where: each goes to the first
place at which its words stand whole and free, and to none where other links have the same words."""

import re
from collections import Counter

from django.db import migrations


def texts(passage):
    match passage["kind"]:
        case "list":
            return passage["entries"]
        case "table":
            return [passage["text"], *(cell for row in passage["rows"] for cell in row)]
    return [passage["text"]]


def place(link, passages):
    words = re.escape(link["text"] or link["url"])
    start = r"(?<![^\W\u2e80-\u9fff])" if re.match(r"[^\W\u2e80-\u9fff]", link["text"]) else ""
    stop = r"(?![^\W\u2e80-\u9fff])" if re.search(r"[^\W\u2e80-\u9fff]$", link["text"]) else ""
    for passage in passages:
        taken = passage.setdefault("links", [])
        for part, text in enumerate(texts(passage)):
            for found in re.finditer(f"{start}{words}{stop}", text):
                if not any(
                    one["part"] == part
                    and one["start"] < found.end()
                    and found.start() < one["stop"]
                    for one in taken
                ):
                    taken.append(
                        {
                            "part": part,
                            "start": found.start(),
                            "stop": found.end(),
                            "url": link["url"],
                        }
                    )
                    return


def links_into_passages(apps, _editor):
    articles = apps.get_model("digests", "Article").objects
    for article in articles.exclude(links=[]).iterator():
        times = Counter(link["text"] for link in article.links)
        for link in article.links:
            if times[link["text"]] == 1:
                place(link, article.passages)
        articles.filter(pk=article.pk).update(passages=article.passages)


class Migration(migrations.Migration):
    dependencies = [("digests", "0019_articles_without_headline")]

    operations = [
        migrations.RunPython(links_into_passages, migrations.RunPython.noop),
        migrations.RemoveField("article", "links"),
    ]
