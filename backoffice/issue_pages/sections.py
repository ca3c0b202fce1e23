"""The sections of an issue, in order, and what each is about."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.issue_pages import stale_forms
from backoffice.merging import MergingForm
from issues import editing
from issues.models import Article, Issue, Section
from publications.models import Topic, key_of

NEW_TOPIC = "new"
NOT_MAILED = "none"


class SectionForm(MergingForm):
    """A section. `about` is the id of its topic, or one of the other choices."""

    about = forms.ChoiceField(label=_("About"), required=False)

    class Meta:
        model = Section
        fields = ("position", "title")

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.topic  # which may be retired
        self.topics = {str(topic.pk): topic for topic in (*topics, *filter(None, [own]))}
        about = cast("forms.ChoiceField", self.fields["about"])
        about.choices = [
            ("", _("Choose a topic…")),
            (_("Topics"), [(pk, str(topic)) for pk, topic in self.topics.items()]),
            (_("No topic yet"), [(NEW_TOPIC, _("Make a topic of this section"))]),
            (_("Nobody"), [(NOT_MAILED, _("Not for mailing"))]),
        ]
        known = self.instance.topic_id or ""
        about.initial = NOT_MAILED if self.instance.not_for_mailing else str(known)

    def same(self, name: str, one: Any, other: Any) -> bool:
        """Return True also where the topic to be made was made by a former press."""
        topic = self.topics.get(str(one))
        if name == "about" and other == NEW_TOPIC and topic is not None:
            title = self.data.get(self.add_prefix("title"), "")
            return key_of(title) in map(key_of, topic.names)
        return super().same(name, one, other)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        title = cleaned.get("title", "")
        if cleaned.get("about") == NEW_TOPIC and not 0 < len(title) <= editing.MAX_TOPIC_NAME:
            raise ValidationError(_("To make a topic of a section, give it a short title first."))
        return cleaned

    def save(self, commit: bool = True) -> Section:  # noqa: FBT001, FBT002 - Django's signature
        section: Section = super().save(commit)
        if "about" in self.changed_data:
            self._file(section, self.cleaned_data["about"])
        return section

    def _file(self, section: Section, about: str) -> None:
        if about == NEW_TOPIC:
            editing.make_topic(section)
        elif about == NOT_MAILED:
            editing.leave_out(section)
        else:
            editing.file_under(section, self.topics.get(about))


class SectionFormSet(forms.BaseInlineFormSet[Section, Issue, SectionForm]):
    """The sections of one issue; the topics to choose from are those of its bulletin.

    `gone` are the cards of sections that were deleted since the page was opened, as sentences;
    the others are saved without them. `ticked` are the sections that are to be deleted: nothing
    is, before the editor was asked.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.gone: list[str] = []
        self.ticked: list[Section] = []
        if data is not None:
            there = set(kwargs["instance"].sections.values_list("pk", flat=True))
            data, self.gone = stale_forms.without_gone(data, prefix=kwargs["prefix"], there=there)
        super().__init__(data, *args, **kwargs)

    def save_existing_objects(self, commit: bool = True) -> list[Section]:  # noqa: FBT001, FBT002 - Django's signature
        saved = super().save_existing_objects(commit)
        self.ticked, self.deleted_objects = self.deleted_objects, []
        return saved

    def delete_existing(self, obj: Section, commit: bool = True) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the section; `ticked` names it."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        if not hasattr(self, "topics"):
            self.topics = list(self.instance.bulletin.topics.filter(retired_at__isnull=True))
        return {**super().get_form_kwargs(index), "topics": self.topics}


class SectionInline(admin.StackedInline[Section, Issue]):
    """A card for each section, with its articles."""

    model = Section
    form = SectionForm
    formset: Any = SectionFormSet
    fields = ("position", "title", "about")
    extra = 0
    template = "admin/issues/issue/sections.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        articles = Article.objects.named()
        rows = super().get_queryset(request).select_related("topic", "issue__bulletin")
        return rows.prefetch_related(Prefetch("articles", articles))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(issue: Issue | None) -> bool:
    return issue is not None and issue.status == Issue.Status.DRAFT
