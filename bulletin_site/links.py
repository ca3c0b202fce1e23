"""Addresses of this site as they stand in mail: absolute, with SITE_URL in front."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """The absolute address of the route `name`, e.g. "https://host/leave/x/".

    Raises `django.urls.NoReverseMatch` for a route that does not exist.
    """
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
