"""The public pages: bulletins, issues, articles, and the files that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag, urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from foundation.absolute_urls import absolute_url
from foundation.response_headers import PDF, has_policy
from issues import archive, excerpts, partial_content, proof_tokens, shown_passages
from issues.models import Issue
from pdf_reading.issue_text import StoredFigure
from publications.branding import masthead_name
from publications.models import Bulletin
from subscribers.forms import SignUpForm

A_YEAR = 31_536_000  # seconds
ISSUES_A_PAGE = 20
HEADLINES = 5  # that describe an issue
DESCRIPTION = 200  # columns


View = Callable[..., HttpResponseBase]


def says_what_is_gone(view: View) -> View:
    """Return the view, which answers with a page that says so where something was withdrawn."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except archive.Withdrawn as gone:
            context = {"bulletin": gone.issue.bulletin, "issue": gone.issue, "gone": gone}
            if gone.article is not None:
                context["neighbours"] = archive.neighbours(gone.article, issue=gone.issue)
            return render(request, "archive/gone.html", context, status=410)

    return wrapped


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show all bulletins; where there is only one, its page is the home."""
    bulletins = list(archive.bulletins())
    if len(bulletins) == 1:
        return redirect("issues:bulletin", bulletins[0].slug)
    return render(request, "archive/home.html", {"bulletins": bulletins})


@require_safe
def bulletin(request: HttpRequest, slug: str) -> HttpResponse:
    """A bulletin, its issues and the way to subscribe."""
    found = get_object_or_404(Bulletin, slug=slug)
    issues = archive.issues(drafts=_sees_drafts(request, found)).filter(bulletin=found)
    years = archive.years(found)
    year = next((one for one in years if str(one) == request.GET.get("year")), None)
    if year is not None:
        issues = issues.filter(published_at__year=year)
    page = Paginator(issues, ISSUES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "bulletin": found,
        "issues": page,
        "years": years,
        "year": year,
        "address": f"{absolute_url('issues:bulletin', slug)}{_query(year, page.number)}",
        "description": found.description,
        "form": SignUpForm(found, language=get_language() or found.language),
    }
    return render(request, "archive/bulletin.html", context)


def _query(year: int | None, page: int) -> str:
    """What stands behind the address of a page of the list; "" for its first."""
    asked = ({"year": year} if year else {}) | ({"page": page} if page > 1 else {})
    return f"?{urlencode(asked)}" if asked else ""


@require_safe
def masthead(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """The image in the head of a bulletin's mails; from the address of an earlier one to it."""
    found = get_object_or_404(Bulletin, slug=slug)
    current = masthead_name(found)
    if not current:
        raise Http404
    if name != current:
        return redirect("issues:masthead", slug, current)
    same = get_conditional_response(request, etag=quote_etag(name))
    return _cached(same or FileResponse(found.image.open(), filename=name), etag=name)


@require_safe
@says_what_is_gone
def issue(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The contents of an issue."""
    found = _issue(request, slug, pk)
    sections = archive.sections(found)
    headlines = [str(one) for section in sections for one in section.articles.all()[:HEADLINES]]
    context = {
        "bulletin": found.bulletin,
        "issue": found,
        "sections": sections,
        "corrections": archive.corrections(found),
        "beside": archive.issues_beside(found),
        "address": absolute_url("issues:issue", slug, pk),
        "description": excerpts.cut(" · ".join(headlines[:HEADLINES]), width=DESCRIPTION),
    }
    return render(request, "archive/issue.html", context)


@require_safe
@says_what_is_gone
def article(request: HttpRequest, slug: str, issue_pk: int, pk: int) -> HttpResponse:
    """An article, with the ones before and after it."""
    found = _issue(request, slug, issue_pk)
    read = get_object_or_404(archive.articles(found), pk=pk)
    if read.withdrawn_at is not None:
        raise archive.Withdrawn(found, read)
    context = {
        "bulletin": found.bulletin,
        "issue": found,
        "article": read,
        "passages": shown_passages.of_article(read, issue=found),
        "corrections": archive.corrections(found, article=read),
        "neighbours": archive.neighbours(read, issue=found),
        "pdf_page": archive.pdf_page(read, issue=found),
        "address": absolute_url("issues:article", slug, issue_pk, pk),
        "description": "".join(run.text for run in excerpts.lead(read.passages, width=DESCRIPTION)),
        "picture": _first_picture(read, slug),
    }
    return render(request, "archive/article.html", context)


def _first_picture(article: Any, slug: str) -> str:
    """The absolute address of the first picture of an article; "" for none."""
    figures = (one for one in article.passages if isinstance(one, StoredFigure) and one.image)
    first = next(figures, None)
    issue_pk = article.section.issue_id
    return absolute_url("issues:figure", slug, issue_pk, first.image) if first else ""


@require_safe
@says_what_is_gone
@has_policy(PDF)
def pdf(request: HttpRequest, slug: str, pk: int, number: int = 1) -> HttpResponseBase:
    """A PDF of an issue, the first or the one of a number: what was uploaded, or what was made of
    it; as long as nothing that stands in it was withdrawn. An editor always sees it, also one that
    cannot be read."""
    every = Issue.objects.select_related("bulletin").filter(bulletin__slug=slug)
    found = every.filter(pk=pk).first() if _is_staff(request) else None
    if found is None or not _sees_drafts(request, found):
        found = _issue(request, slug, pk)
        if found.lacks:
            raise archive.Withdrawn(found)
    file = next((one for one in found.paged_files if one.number == number), None)
    if file is None:
        raise Http404
    name = "-".join([found.bulletin.slug, str(found.pk), *([str(number)] if number > 1 else [])])
    answer = partial_content.response(
        request,
        file.file.pdf.path,
        name=f"{name}.pdf",
        content_type="application/pdf",
        etag=file.file.sha256,
    )
    patch_cache_control(answer, private=found.status != Issue.Status.PUBLISHED, no_cache=True)
    return answer


@require_safe
@says_what_is_gone
def figure(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponseBase:
    """A picture of an issue, of a draft for editors and for who has a proof of it."""
    key = request.GET.get("proof", "")
    proof = bool(key) and proof_tokens.opens(key, issue_pk=pk, at=timezone.now())
    found = _issue(request, slug, pk, drafts=proof)
    if found.lacks and archive.is_withdrawn(found, name):
        raise archive.Withdrawn(found)
    try:
        file = archive.figure(found, name)
    except FileNotFoundError as error:
        raise Http404 from error
    same = get_conditional_response(request, etag=quote_etag(name))
    if same:
        file.close()
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    picture = same or FileResponse(file, content_type=kind)
    if found.status == Issue.Status.PUBLISHED:
        return _cached(picture, etag=name)
    patch_cache_control(picture, private=True, no_cache=True)
    return picture


def _issue(request: HttpRequest, slug: str, pk: int, *, drafts: bool = False) -> Any:
    try:
        return archive.issue(slug, pk, drafts=drafts or _sees_drafts_of(request, slug))
    except Issue.DoesNotExist as error:
        raise Http404 from error


def _cached(response: HttpResponseBase, *, etag: str) -> HttpResponseBase:
    """Let everybody cache the response for good: its address is made of what is in it."""
    response["ETag"] = quote_etag(etag)
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


def _sees_drafts_of(request: HttpRequest, slug: str) -> bool:
    bulletin = Bulletin.objects.filter(slug=slug).first() if _is_staff(request) else None
    return bulletin is not None and _sees_drafts(request, bulletin)


def _sees_drafts(request: HttpRequest, of: Bulletin | Issue) -> bool:
    """Return whether who asks may see the drafts of a bulletin."""
    return _is_staff(request) and request.user.has_perm("issues.view_issue", of)


def _is_staff(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False  # without a look at the session, so that the page is the same for all
    return request.user.is_active and request.user.is_staff
