"""Bulletins, topics and readers, for editors."""

from subscribers.admin.bulletins import BulletinAdmin
from subscribers.admin.readers import SubscriberAdmin
from subscribers.admin.suppressions import SuppressionAdmin
from subscribers.admin.topics import TopicAdmin

__all__ = ["BulletinAdmin", "SubscriberAdmin", "SuppressionAdmin", "TopicAdmin"]
