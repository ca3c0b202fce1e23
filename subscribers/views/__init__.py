"""The readers' pages."""

from subscribers.views.entrance import sign_up, signed_up
from subscribers.views.link_requests import link_requested, request_link, which_bulletin
from subscribers.views.readers import confirm, leave, pause, preferences, stop

__all__ = [
    "confirm",
    "leave",
    "link_requested",
    "pause",
    "preferences",
    "request_link",
    "sign_up",
    "signed_up",
    "stop",
    "which_bulletin",
]
