"""The public pages: bulletins, issues, articles, and the files that belong to them."""

from __future__ import annotations

from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from digests import archive, printing
from digests.models import Delivery, Issue
from subscribers.forms import SignUpForm
from subscribers.links import BadLink
from subscribers.models import Bulletin


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """All bulletins; where there is only one, its page is the home."""
    bulletins = list(archive.bulletins())
    if len(bulletins) == 1:
        return redirect("digests:bulletin", bulletins[0].slug)
    return render(request, "archive/home.html", {"bulletins": bulletins})


@require_safe
def bulletin(request: HttpRequest, slug: str) -> HttpResponse:
    """A bulletin, its issues and the way to subscribe."""
    found = get_object_or_404(Bulletin, slug=slug)
    context = {
        "bulletin": found,
        "issues": archive.issues(drafts=_sees_drafts(request)).filter(bulletin=found),
        "form": SignUpForm(found, language=get_language() or found.language),
    }
    return render(request, "archive/bulletin.html", context)


@require_safe
def masthead(_request: HttpRequest, slug: str) -> FileResponse:
    """The image in the head of a bulletin's mails."""
    found = get_object_or_404(Bulletin, slug=slug)
    if not found.image:
        raise Http404
    return FileResponse(found.image.open(), filename=found.image.name)


@require_safe
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
def article(request: HttpRequest, slug: str, issue_pk: int, pk: int) -> HttpResponse:
    """An article, with the ones before and after it."""
    found = _issue(request, slug, issue_pk)
    read = get_object_or_404(archive.articles(found), pk=pk)
    context = {
        "bulletin": found.bulletin,
        "issue": found,
        "article": read,
        "passages": archive.passages(read),
        "corrections": archive.corrections(found, article=read),
        "neighbours": archive.neighbours(read, issue=found),
    }
    return render(request, "archive/article.html", context)


@require_safe
def pdf(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """The PDF from which an issue was read; an editor also sees one that cannot be read."""
    issues = Issue.objects.all() if _sees_drafts(request) else Issue.objects.published()
    found = get_object_or_404(issues.select_related("bulletin"), bulletin__slug=slug, pk=pk)
    name = f"{found.bulletin.slug}-{found.pk}.pdf"
    return FileResponse(found.pdf.open(), filename=name, content_type="application/pdf")


@require_safe
def figure(request: HttpRequest, slug: str, pk: int, name: str) -> FileResponse:
    """A picture of an issue."""
    try:
        png = archive.figure(_issue(request, slug, pk), name)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(png, content_type="image/png")


@require_safe
def edition(request: HttpRequest, token: str) -> HttpResponse:
    """The mail of one reader in a browser, for whoever has the link."""
    try:
        made = printing.delivery_of(token)
    except BadLink:
        return render(request, "subscribers/bad_link.html", status=HTTPStatus.NOT_FOUND)
    sent = Delivery.objects.select_related(
        "edition", "subscriber__bulletin", "digest__issue__bulletin"
    )
    delivery = get_object_or_404(
        sent, pk=made.number, digest__link_key=made.link_key, edition__isnull=False
    )
    return HttpResponse(printing.Printer(delivery.digest).page(delivery))


def _issue(request: HttpRequest, slug: str, pk: int) -> Issue:
    seen = archive.issues(drafts=_sees_drafts(request))
    return get_object_or_404(seen, bulletin__slug=slug, pk=pk)


def _sees_drafts(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm("digests.view_issue")
