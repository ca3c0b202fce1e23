"""The site as an app of Django."""

from django.apps import AppConfig
from django.core.checks import register

from bulletin_site.checks import mail_settings


class SiteConfig(AppConfig):
    name = "bulletin_site"

    def ready(self) -> None:
        """Register the system checks."""
        register(mail_settings)
