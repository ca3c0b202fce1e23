"""The readers' pages."""

from django.urls import path

from subscribers import views

app_name = "subscribers"
urlpatterns = [
    path("accents/<str:colour>.css", views.accent, name="accent"),
    path("b/<slug:slug>/subscribe/", views.sign_up, name="sign_up"),
    path("b/<slug:slug>/subscribe/sent/", views.signed_up, name="signed_up"),
    path("b/<slug:slug>/subscribe/elsewhere/", views.sign_up_elsewhere, name="sign_up_elsewhere"),
    path("b/<slug:slug>/subscription/", views.request_link, name="request_link"),
    path("b/<slug:slug>/subscription/sent/", views.link_requested, name="link_requested"),
    path("my-subscription/", views.my_subscription, name="my_subscription"),
    path("my-subscription/sent/", views.my_link_sent, name="my_link_sent"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("confirm/<str:token>/not-me/", views.not_me, name="not_me"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("preferences/<str:token>/address/", views.change_address, name="change_address"),
    path("preferences/<str:token>/why/", views.why, name="why"),
    path("preferences/<str:token>/erase/", views.erase, name="erase"),
    path("address/<str:token>/", views.new_address, name="new_address"),
    path("address/<str:token>/former/", views.former_address, name="former_address"),
    path("pause/<str:token>/", views.pause, name="pause"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("stop/<str:token>/<int:topic_id>/", views.stop, name="stop"),
    path("follow/<str:token>/", views.follow, name="follow"),
    path("follow/<str:token>/<int:topic_id>/", views.follow, name="follow"),
    path("stop/<str:token>/phrase/", views.stop_phrase, name="stop_phrase"),
    path("leave/<str:token>/", views.leave, name="leave"),
    path("undo/<str:token>/", views.undo, name="undo"),
]
