"""A reader's mail on the web."""

from django.urls import path

from digests import web

app_name = "digests"
urlpatterns = [path("editions/<str:token>/", web.edition, name="edition")]
