"""Acts by which the admin has a history of a row: they stand there, and in the log of who did
what. What is no such act goes into the log alone, by `audit_log.recording.record_act`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from audit_log.recording import LogKeys, record_act
from foundation.masking import masked
from subscribers.models import Subscriber, Suppression

Values = dict[str, Any]

HIDDEN = "…"  # stands for a value that is not to outlive its row
PERSONAL = frozenset({"name"})  # of a reader
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_NOUNS: dict[type[Model], str] = {Subscriber: "reader"}


class LogChange(Protocol):
    """Writing down that somebody did `act` to a row, in a sentence for Django's history."""

    def __call__(
        self,
        request: HttpRequest,
        obj: Any,
        message: Any,
        *,
        act: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> object: ...


class ChangeMessage(list[dict[str, Any]]):
    """The words of Django's history for a form that was saved, with the values that it changed."""

    def __init__(self, entries: list[dict[str, Any]], *, before: Values, after: Values) -> None:
        super().__init__(entries)
        self.before, self.after = before, after


class HistoryMixin(admin.ModelAdmin[Any]):
    """Log changes with the names of our fields as our pages have them, so that they are
    translated where the history is read, and with their values in the log; log nothing where
    nothing was changed."""

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
        before, after = _values(form, formsets or [], model=self.model, add=add)
        return ChangeMessage(message, before=before, after=after) if message else message

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _record(request, f"{noun(obj)}.added", obj, after=getattr(message, "after", None))
        return super().log_addition(request, obj, message) if _outlives(obj) else None

    def log_change(
        self,
        request: HttpRequest,
        obj: Model,
        message: Any,
        *,
        act: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> Any:
        """Write down an act, named or a form that was saved."""
        if not message:
            return None
        _record(
            request,
            act or self.act_of_form(obj, message),
            obj,
            before=before or getattr(message, "before", None),
            after=after or getattr(message, "after", None),
        )
        return super().log_change(request, obj, message) if _outlives(obj) else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        rows = list(queryset)
        for obj in rows:
            _record(request, f"{noun(obj)}.{self.act_of_deleting}", obj)
        return super().log_deletions(request, queryset) if all(map(_outlives, rows)) else None

    act_of_deleting = "deleted"

    def act_of_form(self, obj: Model, message: Any) -> str:
        """Return what saving a form did."""
        return f"{noun(obj)}.changed"


def _record(
    request: HttpRequest,
    act: str,
    obj: Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    named: LogKeys = {"subject": str(obj)}
    keys: LogKeys = getattr(obj, "log_keys", named)
    record_act(act, by=request.user, at=timezone.now(), before=before, after=after, **keys)


def _outlives(obj: Model) -> bool:
    """Return whether Django's history may keep the name of a row: that of a reader is an address,
    which is gone when the reader is erased."""
    return not isinstance(obj, Subscriber | Suppression)


def noun(obj: Model) -> str:
    """Return what acts on such a row begin with."""
    return _NOUNS.get(type(obj), obj._meta.model_name or "")


def _values(form: Any, formsets: Any, *, model: type[Model], add: bool) -> tuple[Values, Values]:
    """Return what a form changed: from what, to what."""
    before: Values = {}
    after: Values = {}
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is None or isinstance(field.widget, forms.PasswordInput):
            continue
        if model is Subscriber and name in PERSONAL:
            before[name] = after[name] = HIDDEN
            continue
        before[name] = plain(_was(field, form.initial.get(name)))
        after[name] = plain(form.cleaned_data.get(name))
    for formset in formsets:
        for name, was, now in _rows(formset):
            before[name], after[name] = was, now
    return ({} if add else before), after


def _was(field: Any, initial: Any) -> Any:
    """Return the row that a field of a foreign key began with, whose key the form has."""
    rows = getattr(field, "queryset", None)
    if rows is not None and isinstance(initial, int | str):
        return rows.filter(pk=initial).first() if initial else None
    return initial


def _rows(formset: Any) -> Iterator[tuple[str, list[str], list[str]]]:
    gone = [str(obj) for obj in getattr(formset, "deleted_objects", [])]
    new = [str(obj) for obj in getattr(formset, "new_objects", [])]
    new += [str(obj) for obj, _fields in getattr(formset, "changed_objects", [])]
    if gone or new:
        yield formset.prefix, gone, new


def plain(value: Any) -> Any:
    """Return a value as JSON has it. Of an address only its domain can be read."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, QuerySet | list | tuple | set | frozenset):
        return sorted(str(each) for each in value)
    text = str(value)
    return masked(text) if _ADDRESS.fullmatch(text) else text
