"""Names the app for Django."""

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"
