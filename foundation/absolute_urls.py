"""URLs of this site as they stand in mail: absolute, with SITE_URL in front."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute_url(name: str, *args: object) -> str:
    """Return the absolute URL of the route `name`, e.g. "https://host/leave/x/".

    Raises `django.urls.NoReverseMatch` for a route that does not exist.
    """
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def url_prefix(name: str) -> str:
    """Return what stands before the token in the URLs of the route `name`, whose only argument it
    is: "https://host/leave/". Raises as `absolute_url` does."""
    return absolute_url(name, "-").rpartition("-")[0]
