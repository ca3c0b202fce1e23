"""The readers' pages."""

from subscribers.views.colours import accent
from subscribers.views.entrance import sign_up, signed_up
from subscribers.views.leaving import leave, stop, undo
from subscribers.views.link_requests import link_requested, request_link, which_bulletin
from subscribers.views.readers import confirm, not_me, pause, preferences

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
