"""Readers, and what they can follow."""

from subscribers.models.bulletin import Bulletin
from subscribers.models.subscriber import Subscriber
from subscribers.models.subscription import Subscription
from subscribers.models.suppression import Suppression
from subscribers.models.topic import Alias, Topic, key_of

__all__ = ["Alias", "Bulletin", "Subscriber", "Subscription", "Suppression", "Topic", "key_of"]
