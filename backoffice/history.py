"""The history of a row: fields and models by the names that the catalogue translates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import override

LogChange = Callable[[HttpRequest, Any, str], object]


class HistoryMixin(admin.ModelAdmin[Any]):
    """Log changes with the names of our fields as our pages have them, so that they are
    translated where the history is read; log nothing where nothing was changed."""

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Any:
        message = super().construct_change_message(request, form, formsets, add)
        models = [self.model, *(formset.model for formset in formsets or [])]
        with override(None):
            names = {
                capfirst(str(field.verbose_name)): str(field.verbose_name)
                for model in models
                for field in model._meta.fields
            }
        for entry in message:
            for change in entry.values():
                if "fields" in change:
                    change["fields"] = [names.get(name, name) for name in change["fields"]]
        return message

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return super().log_change(request, obj, message) if message else None
