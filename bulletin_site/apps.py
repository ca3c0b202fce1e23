"""The site as an app of Django."""

from django.apps import AppConfig
from django.core.checks import register

from bulletin_site.checks import mail_settings, visitors
from bulletin_site.masking import mask_tokens


class SiteConfig(AppConfig):
    name = "bulletin_site"

    def ready(self) -> None:
        """Register the system checks, and keep tokens out of what is logged."""
        register(mail_settings)
        register(visitors)
        mask_tokens()
