"""The pages of an issue's files as pictures, beside what was read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control

from foundation.enqueue import enqueue
from issues import page_images
from issues.models import Article, Issue, PagedFile
from issues.page_images import Size, Width
from issues.tasks import make_page_images

DAY, YEAR = 86_400, 31_536_000  # seconds
MARGIN = 2.0  # points between an article and the line around it


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page, `url` of it in its PDF, the addresses of its picture, `image` and `thumb`, and where
    on it an article stands: `places` are left, top, width and height in points; `size` is that of
    the page, None as long as its picture is not made. `marks` counts what is to be reviewed
    there."""

    number: int
    url: str
    image: str
    thumb: str
    places: tuple[tuple[float, ...], ...] = ()
    size: Size | None = None
    marks: int = 0


def of_issue(issue: Issue, *, marks: Mapping[int, int] = MappingProxyType({})) -> list[ShownPage]:
    """Return all pages; `marks` says on which something is to be reviewed, and how often. No
    query beside that of the files."""
    return [
        ShownPage(
            number,
            file.url_of_page(number),
            image_address(issue, number),
            thumb_address(issue, number),
            marks=marks.get(number, 0),
        )
        for number, file in issue.files_by_page.items()
    ]


def image_address(issue: Issue, number: int) -> str:
    """Return where the picture of a page is: another address for another file."""
    return _address("admin:issues_issue_page", issue, number)


def thumb_address(issue: Issue, number: int) -> str:
    """Return where the small picture of a page is."""
    return _address("admin:issues_issue_thumb", issue, number)


def _address(route: str, issue: Issue, number: int) -> str:
    file = issue.files_by_page[number]
    return f"{reverse(route, args=(issue.pk, number))}?of={_version(file)}"


def _version(file: PagedFile) -> str:
    return file.file.sha256[:12]


def of_article(article: Article) -> list[ShownPage]:
    """Return the pages on which an article stands."""
    issue = article.section.issue
    return [
        ShownPage(
            number,
            file.url_of_page(number),
            image_address(issue, number),
            thumb_address(issue, number),
            places,
            page_images.size(issue, number) if places else None,
        )
        for number, file in issue.files_by_page.items()
        if article.first_page <= number <= article.last_page
        for places in (tuple(_places(article, number)),)
    ]


def page_image_view(
    request: HttpRequest, issue: Issue, number: int, width: Width = Width.LARGE
) -> HttpResponseBase:
    """Return a page as PNG, to be kept by the browser alone: under `?of=…`, which names the file,
    for as long as it likes. Answers 202 where a worker has still to make it, for which a task is
    enqueued. Raises Http404."""
    try:
        path = page_images.kept(issue, number, width)
        if path is None:
            _enqueue(issue, number)
            path = page_images.kept(issue, number, width)
    except page_images.NotThere as error:
        raise Http404 from error
    if path is None:
        accepted = HttpResponse(status=HTTPStatus.ACCEPTED, headers={"Retry-After": "1"})
        patch_cache_control(accepted, no_store=True)
        return accepted
    # Pictures are made in one way: the file that a page is of says what is in its picture.
    file = issue.files_by_page[number]
    etag = f'"{file.file.sha256[:24]}-{file.own(number)}-{width}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        path.read_bytes(), content_type="image/png"
    )
    response["ETag"] = etag
    if size := page_images.size(issue, number):
        response["Page-Size"] = f"{size.width:.1f} {size.height:.1f}"
    named = request.GET.get("of") == _version(file)
    patch_cache_control(response, private=True, max_age=YEAR if named else DAY, immutable=True)
    return response


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
