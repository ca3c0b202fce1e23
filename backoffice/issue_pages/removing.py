"""Deleting sections and articles of a draft: asked once, and taken back by one press."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.history import LogChange
from issues import drafts, removing
from issues.models import Article, Issue, Removal, Section


def remove_view(
    request: HttpRequest, issue: Issue, context: dict[str, Any], *, log_change: LogChange
) -> HttpResponse:
    """Name the articles of `?section=…` and ask on GET; delete the sections on POST."""
    posted = request.method == "POST"
    given = (request.POST if posted else request.GET).getlist("section")
    chosen = issue.sections.filter(pk__in=[pk for pk in given if pk.isdecimal()])
    articles = Article.objects.only("title", "section_id")
    sections = [(one, list(articles.filter(section=one))) for one in chosen]
    if posted or not sections:
        remove(request, issue, [section for section, _articles in sections], log_change=log_change)
        return redirect("admin:issues_issue_change", issue.pk)
    count = sum(len(articles) for _section, articles in sections)
    context = context | {"title": _question(count), "issue": issue, "sections": sections}
    return render(request, "admin/issues/issue/remove.html", context)


def remove(
    request: HttpRequest, issue: Issue, sections: Iterable[Section], *, log_change: LogChange
) -> None:
    """Delete sections without asking, and report it."""
    for section in sections:
        try:
            removal = removing.remove_section(section, at=timezone.now())
        except drafts.NotADraft:
            messages.error(request, _published_already())
            return
        if removal is not None:
            log_change(request, issue, _("Deleted the section “%(title)s”.") % {"title": removal})
            sentence = _("The section “%(title)s” was deleted.") % {"title": removal}
            messages.success(request, _with_undo(sentence, removal))


def remove_article(request: HttpRequest, article: Article, *, log_change: LogChange) -> None:
    """Delete an article, and report it."""
    try:
        removal = removing.remove_article(article, at=timezone.now())
    except drafts.NotADraft:
        messages.error(request, _published_already())
        return
    if removal is not None:
        named = {"title": removal}
        log_change(request, removal.issue, _("Deleted the article “%(title)s”.") % named)
        sentence = _("The article “%(title)s” was deleted.") % named
        messages.success(request, _with_undo(sentence, removal))


def restore(request: HttpRequest, issue: Issue, pk: str, *, log_change: LogChange) -> str:
    """Restore what the button names. Returns the anchor of where to look afterwards."""
    removal = issue.removals.filter(pk=int(pk) if pk.isdecimal() else 0).first()
    try:
        section = removing.restore(removal) if removal else None
    except drafts.NotADraft:
        messages.error(request, _published_already())
        return ""
    if removal is None or section is None:
        messages.info(request, _("This was taken back before."))
        return ""
    sentence = _("“%(title)s” is back.") % {"title": removal}
    log_change(request, issue, sentence)
    messages.success(request, sentence)
    return f"#section-{section.pk}"


def _published_already() -> str:
    return _("The issue is published: its sections and articles stay as they are.")


def _question(articles: int) -> str:
    return ngettext(
        "Delete with %(number)d article?", "Delete with %(number)d articles?", articles
    ) % {"number": articles}


def _with_undo(sentence: str, removal: Removal) -> str:
    """Return the sentence with a button of the draft's form, below which it is shown."""
    button = '{} <button class="undo" form="issue_form" name="_restore" value="{}">{}</button>'
    return format_html(button, sentence, removal.pk, _("Undo"))
