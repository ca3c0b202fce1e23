"""The site as an app of Django."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from bulletin_site.checks import mail_settings, proxy_settings
from bulletin_site.masking import mask_tokens


class SiteConfig(AppConfig):
    name = "bulletin_site"

    def ready(self) -> None:
        """Make the data folder, register the system checks, keep tokens out of what is logged."""
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        register(mail_settings)
        register(proxy_settings)
        mask_tokens()
