"""The page of an article, edited beside the page that it was read from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.issue_pages import page_images, removing, stale_forms
from backoffice.issue_pages.one_at_a_time import OneAtATimeMixin
from backoffice.merging import MergingForm
from issues import archive, markup
from issues.models import Article, Issue, Section


class ArticleForm(MergingForm):
    """An article with its text in the article markup."""

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
        self.fields["body"].initial = markup.write(self.instance.passages)

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if "body" not in self.changed_data:
            return body
        try:
            self.instance.passages = markup.read(body, before=self.instance.passages)
        except markup.NoSuchFigure as error:
            raise ValidationError(
                _("This article has no figure “%(name)s”. Write the name as it was."),
                params={"name": error.name},
            ) from error
        return body

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and stale_forms.is_of_a_draft(self.data, self.instance.section.issue):
            raise ValidationError(
                _(
                    "The issue was published meanwhile, in another window or by somebody else. "
                    "Nothing was saved yet: saving again changes the article on the web, its "
                    "section and its order stay as they are."
                )
            )
        if not (self.cleaned_data.get("title") or self.instance.passages or self.errors):
            raise ValidationError(_("Write a headline or a text."))
        return cleaned


@admin.register(Article)
class ArticleAdmin(OneAtATimeMixin):
    """The page of an article: reached from its issue, and leads back there."""

    form = ArticleForm
    fields = (
        "title",
        "subtitle",
        ("source", "byline", "date"),
        "body",
        ("section", "position"),
    )
    change_form_template = "admin/issues/article/change.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Refuse for a published issue, to whose articles its mails lead."""
        published = obj is not None and obj.section.issue.status == Issue.Status.PUBLISHED
        return not published and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("section__issue__bulletin")

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        published = obj is not None and obj.section.issue.status == Issue.Status.PUBLISHED
        return ("section", "position") if published else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sections of the article's own issue: it stays there."""
        issue = _issue(request)
        if db_field.name == "section" and issue is not None:
            kwargs |= {"queryset": Section.objects.filter(issue=issue), "empty_label": None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return redirect("admin:issues_issue_change", obj.section.issue_id)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponseRedirect:
        return redirect("admin:issues_issue_change", obj.section.issue_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete, and lead to the page of the issue, where it can be taken back."""
        article = self.get_object(request, object_id)
        if request.method != "POST" or not self.has_delete_permission(request, article):
            return super().delete_view(request, object_id, extra_context)
        if article is None:
            return super().delete_view(request, object_id, extra_context)
        removing.remove_article(request, article, log_change=self.log_change)
        return redirect("admin:issues_issue_change", article.section.issue_id)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        section = _section(request)
        last = section.articles.aggregate(last=Max("position"))["last"] or 0
        return {"section": section, "position": last + 1}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and not _section_of_query(request).exists():
            return self._outdated(request)
        issue = _section(request).issue
        if issue.status != Issue.Status.DRAFT:
            if request.method == "POST":
                return self._outdated(request)
            raise PermissionDenied
        context = {"issue": issue, "title": _("New article"), "pages": page_images.of_issue(issue)}
        return super().add_view(request, form_url, context)

    def issues_of(self, pk: int) -> QuerySet[Issue]:
        return Issue.objects.filter(sections__articles__pk=pk)

    def locked_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        if article is None and request.method == "POST":
            return self._outdated(request)
        if article is None:
            return super().locked_view(request, object_id, form_url, extra_context)
        issue = article.section.issue
        context = {
            "issue": issue,
            "show_save_and_add_another": False,
            "title": str(article),
            "subtitle": None,
            "pages": page_images.of_article(article),
            "neighbours": archive.neighbours(article, issue=issue),
        }
        return super().locked_view(request, object_id, form_url, context)

    def _outdated(self, request: HttpRequest) -> HttpResponse:
        """Show what was typed, where the article or its section is no more."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        pk = request.POST.get("_issue", "")
        issue = Issue.objects.filter(pk=int(pk) if pk.isdecimal() else 0).first()
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        why = _(
            "This article, or the section for it, was deleted meanwhile, or the issue was "
            "published: in another window, or by somebody else."
        )
        return stale_forms.conflict(request, context, issue=issue, why=why)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:issues_issue_changelist")


def _section_of_query(request: HttpRequest) -> QuerySet[Section]:
    """Return the section of `?section=…`, for which a new article is; none if it is gone."""
    pk = request.GET.get("section", "")
    return Section.objects.filter(pk=int(pk) if pk.isdecimal() else 0)


def _section(request: HttpRequest) -> Section:
    return get_object_or_404(_section_of_query(request).select_related("issue__bulletin"))


def _issue(request: HttpRequest) -> Issue | None:
    """Return the issue of the article of the page."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id", "") if match else ""
    if pk.isdecimal():
        return Issue.objects.filter(sections__articles__pk=int(pk)).first()
    return _section(request).issue if "section" in request.GET else None
