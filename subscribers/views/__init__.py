"""The readers' pages."""

from publications.views import accent
from subscribers.views.addresses import change_address, former_address, new_address
from subscribers.views.choosing import preferences
from subscribers.views.confirming import confirm, not_me
from subscribers.views.erasing import erase
from subscribers.views.following import follow
from subscribers.views.keyword_alerts import stop_phrase
from subscribers.views.link_requests import link_requested, request_link
from subscribers.views.my_link import my_link_sent, my_subscription
from subscribers.views.pausing import pause
from subscribers.views.sections import stop
from subscribers.views.sign_up import sign_up, signed_up
from subscribers.views.sign_up_elsewhere import sign_up_elsewhere
from subscribers.views.unsubscribe import leave, undo
from subscribers.views.why import why

__all__ = [
    "accent",
    "change_address",
    "confirm",
    "erase",
    "follow",
    "former_address",
    "leave",
    "link_requested",
    "my_link_sent",
    "my_subscription",
    "new_address",
    "not_me",
    "pause",
    "preferences",
    "request_link",
    "sign_up",
    "sign_up_elsewhere",
    "signed_up",
    "stop",
    "stop_phrase",
    "undo",
    "why",
]
