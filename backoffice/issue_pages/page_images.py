"""The pages of an issue's files as pictures, beside what was read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control

from foundation.enqueue import enqueue
from issues import page_images
from issues.models import Article, Issue
from issues.page_images import Size
from issues.tasks import make_page_images

DAY = 86_400
MARGIN = 2.0  # points between an article and the line around it


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page, and where on it an article stands: `places` are left, top, width and height in
    points; `size` is that of the page, None as long as its picture is not made; `url` leads to it
    in its PDF. `marks` counts what is to be reviewed there."""

    number: int
    url: str
    places: tuple[tuple[float, ...], ...] = ()
    size: Size | None = None
    marks: int = 0


def of_issue(issue: Issue, *, marks: Mapping[int, int] = MappingProxyType({})) -> list[ShownPage]:
    """Return all pages; `marks` says on which something is to be reviewed, and how often."""
    return [
        ShownPage(number, url, marks=marks.get(number, 0))
        for number, url in _addresses(issue).items()
    ]


def of_article(article: Article) -> list[ShownPage]:
    """Return the pages on which an article stands."""
    issue = article.section.issue
    return [
        ShownPage(number, url, places, page_images.size(issue, number) if places else None)
        for number, url in _addresses(issue).items()
        if article.first_page <= number <= article.last_page
        for places in (tuple(_places(article, number)),)
    ]


def page_image_view(issue: Issue, number: int) -> HttpResponse:
    """Return a page as PNG, to be kept by the browser: a file never changes. Answers
    202 where a worker has still to make it, for which a task is enqueued. Raises Http404."""
    try:
        path = page_images.kept(issue, number)
        if path is None:
            _enqueue(issue, number)
            path = page_images.kept(issue, number)
    except page_images.NotThere as error:
        raise Http404 from error
    if path is None:
        accepted = HttpResponse(status=HTTPStatus.ACCEPTED, headers={"Retry-After": "1"})
        patch_cache_control(accepted, no_store=True)
        return accepted
    response = HttpResponse(path.read_bytes(), content_type="image/png")
    if size := page_images.size(issue, number):
        response["Page-Size"] = f"{size.width:.1f} {size.height:.1f}"
    patch_cache_control(response, private=True, max_age=DAY, immutable=True)
    return response


def _addresses(issue: Issue) -> dict[int, str]:
    """Return the addresses of all pages."""
    return {
        number: file.url_of_page(number)
        for file in issue.paged_files
        for number in range(file.first, file.first + file.file.page_count)
    }


def _enqueue(issue: Issue, number: int) -> None:
    """Enqueue the making of the missing ones, this one first; where the broker is away, the next
    request does."""
    if not page_images.being_made(issue):
        enqueue(make_page_images, issue.pk, number, expires=60)


def _places(article: Article, number: int) -> list[tuple[float, ...]]:
    return [
        (
            place.x0 - MARGIN,
            place.top - MARGIN,
            place.x1 - place.x0 + 2 * MARGIN,
            place.bottom - place.top + 2 * MARGIN,
        )
        for place in article.places
        if place.page == number
    ]
