"""The routes of each room of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import JavaScriptCatalog, set_language

from backoffice import article_search, dashboard
from backoffice.sign_off_pages.link import release_view
from bulletin_site.health import healthz, readyz

admin.site.enable_nav_sidebar = False  # the menu on top leaves the editor the width

handler400 = "bulletin_site.refusals.bad_request"

urlpatterns = [
    path("admin/", admin.site.admin_view(dashboard.index)),
    path("", include("accounts.urls")),
    # Django's own has its own words alone, and not those of our catalogue that go before them.
    path("admin/jsi18n/", JavaScriptCatalog.as_view()),
    path("admin/search/", admin.site.admin_view(article_search.search_view), name="article_search"),
    path("release/<str:token>/", release_view, name="release"),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    # Without a token, so that no page needs a cookie for its language buttons: a forged request
    # could do no more than change a visitor's language, and leads to no other site.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
    path("", include("subscribers.urls")),
    path("", include("issues.urls")),
    path("", include("digests.urls")),
]
if "WEBHOOK_SECRET" in settings.ANYMAIL:
    urlpatterns.insert(0, path("anymail/", include("anymail.urls")))
