"""Readers, and what they can follow."""

from subscribers.models.bulletin import Bulletin
from subscribers.models.notice_limit import NoticeLimit
from subscribers.models.sign_up_request import SignUpRequest
from subscribers.models.subscriber import Subscriber
from subscribers.models.subscription import Subscription
from subscribers.models.suppression import Suppression
from subscribers.models.topic import Alias, Topic, key_of
from subscribers.models.watch import Watch

__all__ = [
    "Alias",
    "Bulletin",
    "NoticeLimit",
    "SignUpRequest",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Topic",
    "Watch",
    "key_of",
]
