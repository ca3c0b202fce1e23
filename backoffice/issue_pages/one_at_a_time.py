"""Forms of an issue that are saved one after the other, and none beside publishing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from backoffice import history
from issues.models import Issue


class OneAtATimeMixin(history.HistoryMixin):
    """Hold the row of the issue while a form is taken in: `issues_of` finds it, and `locked_view`
    is the change view as it is otherwise."""

    def issues_of(self, pk: int) -> QuerySet[Issue]:
        """Return the issue that the row with this id belongs to."""
        raise NotImplementedError

    def locked_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Show or take in the form."""
        return super().change_view(request, object_id, form_url, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Take one form after the other, and none beside publishing."""
        if request.method != "POST":
            return self.locked_view(request, object_id, form_url, extra_context)
        pk = int(object_id) if object_id.isdecimal() else 0
        with transaction.atomic():
            list(self.issues_of(pk).select_for_update())
            return self.locked_view(request, object_id, form_url, extra_context)
