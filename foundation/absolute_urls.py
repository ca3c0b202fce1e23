"""Addresses of this site as they stand in mail: absolute, with SITE_URL in front."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute_url(name: str, *args: object) -> str:
    """The absolute address of the route `name`, e.g. "https://host/leave/x/".

    Raises `django.urls.NoReverseMatch` for a route that does not exist.
    """
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def before_token(name: str) -> str:
    """What stands before the token in the addresses of the route `name`, whose only argument it
    is: "https://host/leave/". Raises as `absolute` does."""
    return absolute_url(name, "-").rpartition("-")[0]
