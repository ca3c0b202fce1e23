"""Names the app for Django."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Log-ins")

    def ready(self) -> None:
        """Listen to log-ins, and have no permissions for the tables of allauth, which no page of
        the admin shows."""
        from allauth.socialaccount.providers import registry  # noqa: PLC0415 - models are there

        from accounts import signals  # noqa: F401, PLC0415 - only now

        registry.load()
        post_migrate.connect(_forget_permissions, sender=self)


def _forget_permissions(using: str, **_: Any) -> None:
    """Delete what Django has just made for allauth, whose apps stand before this one."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - as above

    labels = [one.label for one in apps.get_app_configs() if one.name.startswith("allauth")]
    Permission.objects.using(using).filter(content_type__app_label__in=labels).delete()
