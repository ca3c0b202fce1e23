"""Names the app for Django."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class DigestsConfig(AppConfig):
    name = "digests"
    verbose_name = _("Mails")

    def ready(self) -> None:
        """Listen to issues that are deleted, to readers who are erased, and to providers where
        Anymail is set up."""
        from digests import erasing  # noqa: PLC0415 - models must be loaded first
        from issues import page_images  # noqa: PLC0415 - models must be loaded first

        page_images.listen()
        erasing.listen()
        if apps.is_installed("anymail"):
            from digests.bounces import webhooks  # noqa: PLC0415 - models must be loaded first

            webhooks.listen()
