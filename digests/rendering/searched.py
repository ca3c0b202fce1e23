"""The texts of a digest's articles, in which phrases are looked for and sentences found.

They are frozen with the digest: a mail that is sent late, or seen in a browser, shows the sentence
that was found, whatever was corrected since. A text is that of `issues.search.whole_text`, each
line a piece of the article and on one line.
"""

from __future__ import annotations

import unicodedata

from digests.models import Digest
from issues import excerpts
from issues.models import Article
from mail.messages import headers

_HEAD = 4  # lines above the text: headline, sub-title, source, byline


def texts(digest: Digest) -> list[tuple[int, str]]:
    """Return the ids and texts of the articles of a digest in the order of its issues: as they were
    frozen, or as they are. One query where they were not frozen."""
    if digest.texts:
        return [(pk, text) for pk, text in digest.texts]
    rows = (
        digest.articles()
        .only("title", "subtitle", "source", "byline", "passages", "section__issue")
        .select_related("section")
        .order_by("section__position", "section", "position", "pk")
    )
    order = {issue: n for n, issue in enumerate(digest.held_issues)}
    ordered = sorted(rows, key=lambda row: order[row.section.issue_id])
    return [(row.pk, text_of(row)) for row in ordered]


def text_of(article: Article) -> str:
    """Return all that an article says, composed (NFC)."""
    head = (article.title, article.subtitle, article.source, article.byline)
    below = (text for passage in article.passages for text in passage.texts)
    lines = (headers.one_line(excerpts.one_line(line)) for line in (*head, *below))
    return unicodedata.normalize("NFC", "\n".join(lines))


def headline_ends(text: str) -> int:
    """Return where the headline ends with which a text begins."""
    return text.index("\n")


def body_begins(text: str) -> int:
    """Return where what is below the head of a text begins."""
    at = 0
    for _ in range(_HEAD):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at
