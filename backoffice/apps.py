"""Names the app for Django."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        """Have the roles kept as their table says, after every migration."""
        from backoffice import roles  # noqa: PLC0415 - models are loaded before it

        # Django tells of it apps alone that have models.
        bulletins = apps.get_app_config("publications")
        post_migrate.connect(roles.keep_true, sender=bulletins, dispatch_uid="roles")
