"""The pictures of an article in a mail: address, size, and the words that stand for them."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.images import get_image_dimensions
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from digests.rendering.template_values import Picture
from foundation.absolute_urls import absolute_url
from issues import excerpts
from issues.models import Article
from issues.models.issue import figure_path
from pdf_reading.issue_text import StoredFigure
from publications.branding import COLUMN

FRAMED = COLUMN - 2 * 12  # pixels that a figure is wide, inside of its frame


def pictures(article: Article, *, proof: str = "") -> Iterator[Picture]:
    """The figures of an article whose files are there, as wide as their frame at most."""
    issue = article.section.issue
    for figure in (one for one in article.passages if isinstance(one, StoredFigure)):
        path = figure_path(issue, figure.image)
        if default_storage.exists(path):
            with default_storage.open(path) as file:
                width, height = get_image_dimensions(file)
            url = absolute_url("issues:figure", issue.bulletin.slug, issue.pk, figure.image)
            yield Picture(
                url=f"{url}?proof={proof}" if proof else url,
                words=_alternative(figure),
                caption=excerpts.caption(figure),
                **_fitting(width or FRAMED, height or FRAMED),
            )


def _fitting(width: int, height: int) -> dict[str, int]:
    """The size of a picture in its frame."""
    shown = min(FRAMED, width)
    return {"width": shown, "height": max(round(height * shown / width), 1)}


def _alternative(figure: StoredFigure) -> str:
    """What stands for a figure where pictures are off."""
    if words := excerpts.one_line(figure.alternative or figure.caption):
        return words
    if figure.page:
        return gettext("Figure on page %(page)s of the PDF") % {"page": figure.page}
    return gettext("Picture")
