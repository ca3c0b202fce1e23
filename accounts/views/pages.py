"""Parts that all pages of the door have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class InAdmin:
    """A page that looks like the admin's, mixed into a view of allauth or Django."""

    title: Any = ""
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer, kept nowhere."""
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page is filled with."""
        shared = admin.site.each_context(self.request)
        return {**shared, "title": self.title, **super().get_context_data(**kwargs)}  # type: ignore[misc]
