"""The lists of allauth are not shown: what they hold is on the pages of the door."""

from django.apps import apps
from django.contrib import admin

for config in apps.get_app_configs():
    if config.name.startswith("allauth"):
        for model in config.get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)
