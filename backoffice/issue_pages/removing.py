"""Deleting sections and articles of a draft: asked once, and taken back by one press."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues import removing
from issues.models import Article, Issue, Removal, Section

Log = Callable[[HttpRequest, Issue, str], object]


def page(request: HttpRequest, issue: Issue, context: dict[str, Any], *, log: Log) -> HttpResponse:
    """GET names the articles of `?section=…` and asks; POST deletes the sections."""
    posted = request.method == "POST"
    given = (request.POST if posted else request.GET).getlist("section")
    chosen = issue.sections.filter(pk__in=[pk for pk in given if pk.isdecimal()])
    articles = Article.objects.only("title", "section_id")
    sections = [(one, list(articles.filter(section=one))) for one in chosen]
    if posted or not sections:
        remove(request, issue, [section for section, _articles in sections], log=log)
        return redirect("admin:issues_issue_change", issue.pk)
    count = sum(len(articles) for _section, articles in sections)
    told = {"title": _question(count), "issue": issue, "sections": sections}
    return render(request, "admin/issues/issue/remove.html", context | told)


def remove(request: HttpRequest, issue: Issue, sections: Iterable[Section], *, log: Log) -> None:
    """Delete sections without asking, and say so."""
    for section in sections:
        try:
            removal = removing.remove_section(section, at=timezone.now())
        except removing.NotADraft:
            messages.error(request, _refused())
            return
        if removal is not None:
            log(request, issue, _("Deleted the section “%(title)s”.") % {"title": removal})
            said = _("The section “%(title)s” was deleted.") % {"title": removal}
            messages.success(request, _with_undo(said, removal))


def remove_article(request: HttpRequest, article: Article, *, log: Log) -> None:
    """Delete an article, and say so."""
    try:
        removal = removing.remove_article(article, at=timezone.now())
    except removing.NotADraft:
        messages.error(request, _refused())
        return
    if removal is not None:
        named = {"title": removal}
        log(request, removal.issue, _("Deleted the article “%(title)s”.") % named)
        said = _("The article “%(title)s” was deleted.") % named
        messages.success(request, _with_undo(said, removal))


def restore(request: HttpRequest, issue: Issue, pk: str, *, log: Log) -> str:
    """Take back what the button names; where to look afterwards."""
    removal = issue.removals.filter(pk=int(pk) if pk.isdecimal() else 0).first()
    try:
        section = removing.restore(removal) if removal else None
    except removing.NotADraft:
        messages.error(request, _refused())
        return ""
    if removal is None or section is None:
        messages.info(request, _("This was taken back before."))
        return ""
    said = _("“%(title)s” is back.") % {"title": removal}
    log(request, issue, said)
    messages.success(request, said)
    return f"#section-{section.pk}"


def _refused() -> str:
    return _("The issue is published: its sections and articles stay as they are.")


def _question(articles: int) -> str:
    return ngettext(
        "Delete with %(number)d article?", "Delete with %(number)d articles?", articles
    ) % {"number": articles}


def _with_undo(said: str, removal: Removal) -> str:
    """The sentence with a button of the draft's form, below which it is shown."""
    button = '{} <button class="undo" form="issue_form" name="_restore" value="{}">{}</button>'
    return format_html(button, said, removal.pk, _("Undo"))
