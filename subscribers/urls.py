"""The readers' pages."""

from django.urls import path

from subscribers import views

app_name = "subscribers"
urlpatterns = [
    path("accents/<str:colour>.css", views.accent, name="accent"),
    path("b/<slug:slug>/subscribe/", views.sign_up, name="sign_up"),
    path("b/<slug:slug>/subscribe/sent/", views.signed_up, name="signed_up"),
    path("b/<slug:slug>/subscription/", views.request_link, name="request_link"),
    path("b/<slug:slug>/subscription/sent/", views.link_requested, name="link_requested"),
    path("subscription/", views.which_bulletin, name="which_bulletin"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("confirm/<str:token>/not-me/", views.not_me, name="not_me"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("pause/<str:token>/", views.pause, name="pause"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("stop/<str:token>/<int:topic_id>/", views.stop, name="stop"),
    path("leave/<str:token>/", views.leave, name="leave"),
    path("undo/<str:token>/", views.undo, name="undo"),
]
