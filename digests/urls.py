"""A reader's mails on the web, and what is kept of a reader."""

from django.urls import path

from digests import my_data, my_mails, web

app_name = "digests"
urlpatterns = [
    path("editions/<str:token>/", web.edition, name="edition"),
    path("preferences/<str:token>/mails/", my_mails.my_mails, name="my_mails"),
    path("preferences/<str:token>/data/", my_data.my_data, name="my_data"),
]
