"""Where each room of the site stands."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from bulletin_site.health import healthz, readyz
from digests.admin import desk

admin.site.enable_nav_sidebar = False  # eight tables need no second menu, and the editor the width

urlpatterns = [
    path("admin/", admin.site.admin_view(desk.index)),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("subscribers.urls")),
    path("", include("digests.urls")),
]
if "WEBHOOK_SECRET" in settings.ANYMAIL:
    urlpatterns.insert(0, path("anymail/", include("anymail.urls")))
