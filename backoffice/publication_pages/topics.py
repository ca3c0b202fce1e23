"""The topics, with the section titles that mean them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from audit_log.recording import record_act
from backoffice.by_bulletin import BulletinFilter, ByBulletin, ByBulletinInline
from backoffice.history import HistoryMixin
from backoffice.merging import MergingForm
from publications.models import Alias, Topic, key_of
from subscribers.models import Subscriber, Subscription

LIST = "publications_topic_changelist"


class AliasFormSet(forms.BaseInlineFormSet[Alias, Topic, forms.ModelForm[Alias]]):
    """The other titles of one topic."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Label each field for screen readers: a table's cells have no labels of their own."""
        super().add_fields(form, index)
        form.fields["name"].widget.attrs["aria-label"] = gettext("title")
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Delete")

    def clean(self) -> None:
        """Raise ValidationError for two that mean the same."""
        super().clean()
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        keys = [key_of(form.cleaned_data["name"]) for form in kept if "name" in form.cleaned_data]
        if len(keys) != len(set(keys)):
            raise ValidationError(gettext("Two of these titles are the same."))


class AliasInline(ByBulletinInline, admin.TabularInline[Alias, Topic]):
    model = Alias
    formset = AliasFormSet
    fields = ("name",)
    extra = 1
    verbose_name = _("section title that means this topic")
    verbose_name_plural = _("section titles that mean this topic")


class PositionForm(forms.ModelForm[Topic]):
    """A topic's place in the list of topics."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"topic": self.instance}
        self.fields["position"].widget.attrs["aria-label"] = gettext("order of %(topic)s") % named


def _refusal(topic: Any) -> str:
    return ngettext(
        "%(number)d reader follows or followed “%(topic)s”. Retire it instead: choose it in the "
        "list of topics, and “Retire” as the action. It is offered no more, and nothing is lost.",
        "%(number)d readers follow or followed “%(topic)s”. Retire it instead: choose it in the "
        "list of topics, and “Retire” as the action. It is offered no more, and nothing is lost.",
        topic.number,
    ) % {"number": topic.number, "topic": topic}


def _followers() -> Case:
    """Count the readers of each topic. This is done beforehand and in one pass: a sub-query is
    answered anew for each topic, and in a join each reader is there once for each alias."""
    readers = Subscriber.objects.confirmed()
    rows = Subscription.objects.current().filter(subscriber__in=readers).order_by()
    counted = rows.values_list("topic").annotate(number=Count("pk"))
    found = [When(pk=topic, then=Value(number)) for topic, number in counted]
    return Case(*found, default=Value(0), output_field=IntegerField())


@admin.register(Topic)
class TopicAdmin(HistoryMixin, ByBulletin[Topic]):
    """The topics, in the order in which readers see them."""

    form = MergingForm
    list_display = ("__str__", "name_zh", "name_en", "bulletin", "position", "followers", "offered")
    list_editable = ("position",)
    list_filter = (("bulletin", BulletinFilter),)
    list_select_related = ("bulletin",)
    search_fields = ("name_zh", "name_en", "aliases__name")
    fields = (
        "bulletin",
        ("name_zh", "name_en"),
        ("description_zh", "description_en"),
        "position",
    )
    actions = ("retire", "offer_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        topics = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name == LIST
        return topics.annotate(followers=_followers()) if listed else topics

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse to delete a topic that was ever followed, in one sentence instead of a list of all
        who did."""
        topics = Topic.objects.filter(pk__in=[topic.pk for topic in objs])
        kept = topics.annotate(number=Count("subscriptions")).filter(number__gt=0)
        refused = [_refusal(topic) for topic in kept]
        if refused:
            return [], {}, set(), refused
        return super().get_deleted_objects(objs, request)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        asks = self

        class OfTheirs(PositionForm):
            """The place alone of topics that who asks may change."""

            def __init__(self, *args: Any, **more: Any) -> None:
                super().__init__(*args, **more)
                topic = self.instance if self.instance.pk else None
                self.fields["position"].disabled = not asks.has_change_permission(request, topic)

        return super().get_changelist_form(request, form=OfTheirs, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Topic | None = None
    ) -> tuple[str, ...]:
        return ("bulletin",) if obj else ()  # its readers and aliases stand in that bulletin

    def get_inlines(self, request: HttpRequest, obj: Topic | None) -> list[Any]:
        return [AliasInline] if obj else []  # what is an alias depends on the bulletin

    @admin.display(description=_("readers"), ordering="followers")
    def followers(self, topic: Any) -> int:
        return int(topic.followers)

    @admin.display(description=_("offered"), boolean=True, ordering="retired_at")
    def offered(self, topic: Topic) -> bool:
        return topic.retired_at is None

    @admin.action(description=_("Retire: offer the chosen topics no more"), permissions=["change"])
    def retire(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        chosen = list(topics.filter(retired_at__isnull=True))
        with transaction.atomic():
            topics.filter(retired_at__isnull=True).update(retired_at=timezone.now())
            for topic in chosen:
                record_act("topic.retired", by=request.user, at=timezone.now(), **topic.log_keys)

    @admin.action(description=_("Offer the chosen topics again"), permissions=["change"])
    def offer_again(self, request: HttpRequest, topics: QuerySet[Topic]) -> None:
        chosen = list(topics.filter(retired_at__isnull=False))
        with transaction.atomic():
            topics.update(retired_at=None)
            for topic in chosen:
                record_act(
                    "topic.offered_again", by=request.user, at=timezone.now(), **topic.log_keys
                )
