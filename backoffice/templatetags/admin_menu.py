"""The menu as a tag of templates, so that also pages without a context of ours have it."""

from __future__ import annotations

from typing import Any

from django import template

from backoffice import menu
from backoffice.article_search import MAX_LENGTH

register = template.Library()


@register.inclusion_tag("admin/_menu.html", takes_context=True)
def admin_menu(context: dict[str, Any]) -> dict[str, Any]:
    """The entries, and the field that searches all issues for whoever may see them."""
    request = context.get("request")
    if request is None or context.get("is_popup"):
        return {}
    return {
        "entries": list(menu.entries(request)),
        "may_search": request.user.is_staff and request.user.has_perm("issues.view_issue"),
        "query": context.get("query", ""),
        "max_length": MAX_LENGTH,
    }
