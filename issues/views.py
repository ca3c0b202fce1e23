"""The public pages: bulletins, issues, articles, and the files that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from foundation.response_headers import PDF, has_policy
from issues import archive, proof_tokens
from issues.models import Issue
from publications.branding import masthead_name
from publications.models import Bulletin
from subscribers.forms import SignUpForm

A_YEAR = 31_536_000  # seconds


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
    context = {
        "bulletin": found,
        "issues": archive.issues(drafts=_sees_drafts(request, found)).filter(bulletin=found),
        "form": SignUpForm(found, language=get_language() or found.language),
    }
    return render(request, "archive/bulletin.html", context)


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
    context = {
        "bulletin": found.bulletin,
        "issue": found,
        "sections": archive.sections(found),
        "corrections": archive.corrections(found),
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
        "passages": archive.passages(read),
        "corrections": archive.corrections(found, article=read),
        "neighbours": archive.neighbours(read, issue=found),
        "pdf_page": archive.pdf_page(read, issue=found),
    }
    return render(request, "archive/article.html", context)


@require_safe
@says_what_is_gone
@has_policy(PDF)
def pdf(request: HttpRequest, slug: str, pk: int, number: int = 1) -> FileResponse:
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
    return FileResponse(
        file.file.pdf.open(), filename=f"{name}.pdf", content_type="application/pdf"
    )


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
