"""Names the app for Django."""

from django.apps import AppConfig, apps
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

        for config in apps.get_app_configs():
            if config.name.startswith("allauth"):
                for model in config.get_models():
                    model._meta.default_permissions = ()
