"""An article, corrected beside the page that it was read from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digests import archive, notation
from digests.admin import pages
from digests.models import Article, Issue, Section


class ArticleForm(forms.ModelForm[Article]):
    """The article with its text in the notation."""

    body = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "body"}),
    )

    class Meta:
        model = Article
        fields = ("section", "position", "title", "subtitle", "source", "byline", "date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].initial = notation.write(self.instance.passages)

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        try:
            self.instance.passages = notation.read(body, before=self.instance.passages)
        except notation.NoSuchFigure as error:
            raise ValidationError(
                _("This article has no figure “%(name)s”. Write the name as it was."),
                params={"name": error.name},
            ) from error
        return body


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin[Article]):
    """Reached from its issue, and leads back there."""

    form = ArticleForm
    fields = (
        "title",
        "subtitle",
        ("source", "byline", "date"),
        "body",
        ("section", "position"),
    )
    change_form_template = "admin/digests/article/change.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """The mails of a published issue lead to its articles."""
        published = obj is not None and obj.section.issue.status == Issue.Status.PUBLISHED
        return not published and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("section__issue__bulletin")

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        published = obj is not None and obj.section.issue.status == Issue.Status.PUBLISHED
        return ("section", "position") if published else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An article stays in its issue: the sections to choose from are those of it."""
        issue = _issue(request)
        if db_field.name == "section" and issue is not None:
            kwargs |= {"queryset": Section.objects.filter(issue=issue), "empty_label": None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return redirect("admin:digests_issue_change", obj.section.issue_id)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return redirect("admin:digests_issue_change", obj.section.issue_id)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        return redirect("admin:digests_issue_changelist")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        section = _section(request)
        last = section.articles.aggregate(last=Max("position"))["last"] or 0
        return {"section": section, "position": last + 1}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        issue = _section(request).issue
        if issue.status != Issue.Status.DRAFT:
            raise PermissionDenied
        context = {"issue": issue, "title": _("New article"), "pages": pages.of_issue(issue)}
        return super().add_view(request, form_url, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        if article is None:
            return super().change_view(request, object_id, form_url, extra_context)
        issue = article.section.issue
        context = {
            "issue": issue,
            "show_save_and_add_another": False,
            "title": article.title,
            "subtitle": None,
            "pages": pages.of_article(article),
            "neighbours": archive.neighbours(article, issue=issue),
        }
        return super().change_view(request, object_id, form_url, context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:digests_issue_changelist")


def _section(request: HttpRequest) -> Section:
    """The section that a new article is for, named by the link that led here."""
    pk = request.GET.get("section", "")
    sections = Section.objects.select_related("issue__bulletin")
    return get_object_or_404(sections, pk=pk if pk.isdecimal() else None)


def _issue(request: HttpRequest) -> Issue | None:
    """The issue of the article that the page is about."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id", "") if match else ""
    if pk.isdecimal():
        return Issue.objects.filter(sections__articles__pk=int(pk)).first()
    return _section(request).issue if "section" in request.GET else None
