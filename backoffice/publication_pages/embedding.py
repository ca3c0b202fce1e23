"""The form to sign up, to be copied into other sites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from publications.models import Bulletin, Topic
from subscribers import embedding

CHOOSE, FIXED = "choose", "fixed"


class EmbeddingForm(forms.Form):
    """The choices of what the copied form offers."""

    language = forms.ChoiceField(label=_("Language of the form and of the mails"))
    manner = forms.ChoiceField(
        label=_("Who signs up"),
        choices=[
            (CHOOSE, _("chooses among these topics")),
            (FIXED, _("gets all of these topics")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, bulletin: Bulletin, data: Any = None) -> None:
        topics = Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True)
        beforehand = {
            "topics": list(topics.values_list("pk", flat=True)),
            "language": bulletin.language,
            "manner": CHOOSE,
        }
        super().__init__(data, initial=beforehand, label_suffix="")
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            topics, label=_("Topics"), widget=forms.CheckboxSelectMultiple
        )
        language: Any = self.fields["language"]
        language.choices = settings.LANGUAGES
        self.order_fields(["topics", "manner", "language"])

    def chosen(self, bulletin: Bulletin) -> dict[str, Any]:
        """Return what is chosen; all topics, before anything is."""
        if self.is_bound:
            return self.cleaned_data
        topics = Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True)
        return {"topics": topics, "language": bulletin.language, "manner": CHOOSE}


def embedding_view(request: HttpRequest, bulletin: Bulletin) -> HttpResponse:
    """Show the form as it would look, and its HTML to be copied."""
    form = EmbeddingForm(bulletin, request.GET if "language" in request.GET else None)
    html = ""
    if not form.is_bound or form.is_valid():
        chosen = form.chosen(bulletin)
        html = embedding.snippet(
            bulletin,
            chosen["topics"],
            language=chosen["language"],
            fixed=chosen["manner"] == FIXED,
        )
    context = {
        **admin.site.each_context(request),
        "title": _("The sign-up form for other sites"),
        "bulletin": bulletin,
        "form": form,
        "html": html,
        "lines": html.count("\n") + 8,
        "opts": Bulletin._meta,
    }
    return render(request, "admin/publications/bulletin/embed.html", context)
