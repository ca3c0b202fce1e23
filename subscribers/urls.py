"""The readers' pages."""

from django.urls import path

from subscribers import views

app_name = "subscribers"
urlpatterns = [
    path("b/<slug:slug>/subscribe/", views.sign_up, name="sign_up"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("leave/<str:token>/", views.leave, name="leave"),
]
