"""The pictures of an issue: those cut out of its pages, and those that an editor added. Each can be
named in any of its articles.

A picture is kept under a name made from its content, and as long as its issue: articles that were
deleted, and earlier states of those that were not, may still name it.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from issues import picture_encoding
from issues.models import Article, Issue
from issues.models.issue import figure_path, figures_path
from pdf_reading.issue_text import InvalidContent, StoredFigure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; lengths in pixels, `size` in bytes."""

    name: str
    width: int
    height: int
    size: int


def add(issue: Issue, content: bytes) -> Picture:
    """Keep a picture that was uploaded, encoded anew. Raises PictureRefused. Twice is once."""
    encoded = picture_encoding.encoded(content)
    name = keep(issue, encoded.content, kind=encoded.kind)
    logger.info("issue %s: picture %s added", issue.pk, name)
    return Picture(name, encoded.width, encoded.height, len(encoded.content))


def keep(issue: Issue, content: bytes, *, kind: str) -> str:
    """Keep a picture under a name made from its content; return that name.

    Two who keep the same at once are one: the storage gives the second another name, which is let
    go. A file that a crash cut short is written again.
    """
    name = f"{hashlib.sha256(content).hexdigest()[:24]}.{kind}"
    path = figure_path(issue, name)
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return name
        default_storage.delete(path)
    saved = default_storage.save(path, ContentFile(content))
    if saved != path:
        default_storage.delete(saved)
    return name


def of_issue(issue: Issue) -> dict[str, int]:
    """Return the names of the pictures of an issue, each with the page that an article has it from
    (0: none has it now, or it was cut out of none)."""
    try:
        _folders, names = default_storage.listdir(figures_path(issue))
    except FileNotFoundError:
        return {}
    pages = dict.fromkeys(names, 0)
    for article in Article.objects.filter(section__issue=issue).only("passages"):
        pages |= {name: page for name, page in _named(article).items() if name in pages}
    return pages


def _named(article: Article) -> dict[str, int]:
    try:
        figures = [one for one in article.passages if isinstance(one, StoredFigure)]
    except InvalidContent:
        return {}
    return {figure.image: figure.page for figure in figures}
