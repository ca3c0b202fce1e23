"""Text that the reading found in no article, and the button that takes it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backoffice.history import LogChange
from issues import drafts, taking_in
from issues.models import Article, Issue
from issues.models.article import ArticleQuerySet


def take_in(request: HttpRequest, issue: Issue, pk: str, *, log_change: LogChange) -> str:
    """Take in the piece that the button names. Returns the anchor of where to look afterwards."""
    piece = issue.pieces.filter(pk=_pk(pk)).first()
    into = _articles(issue).filter(pk=_pk(request.POST.get(f"into-{pk}", ""))).first()
    try:
        article = taking_in.take_in(piece, into=into) if piece else None
    except drafts.NotADraft:
        article = None
    if piece is None or article is None:
        messages.info(request, _("This text was taken in before."))
        return ""
    sentence = _("Took text of page %(page)s into “%(article)s”.")
    log_change(request, issue, sentence % {"page": piece.place.page, "article": article})
    return f"#article-{article.pk}"


def pieces_context(issue: Issue) -> dict[str, Any]:
    """Return the pieces of a draft, and the articles that they may be appended to, in order."""
    pieces = list(issue.pieces.all()) if issue.status == Issue.Status.DRAFT else []
    articles = _articles(issue).named().order_by("section__position", "position")
    return {"pieces": pieces, "articles": articles if pieces else ()}


def _articles(issue: Issue) -> ArticleQuerySet:
    return Article.objects.filter(section__issue=issue)


def _pk(words: str) -> int:
    return int(words) if words.isdecimal() else 0
