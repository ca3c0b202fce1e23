"""The readers' pages."""

from publications.views import accent
from subscribers.views.link_requests import link_requested, request_link, which_bulletin
from subscribers.views.preferences import confirm, not_me, pause, preferences
from subscribers.views.sign_up import sign_up, signed_up
from subscribers.views.unsubscribe import leave, stop, undo

__all__ = [
    "accent",
    "confirm",
    "leave",
    "link_requested",
    "not_me",
    "pause",
    "preferences",
    "request_link",
    "sign_up",
    "signed_up",
    "stop",
    "undo",
    "which_bulletin",
]
