"""The audience: who gets what, written down once, when a digest is opened."""

from digests.audience.corrections import StillSending, drafted, open_correction
from digests.audience.preparation import open_collected, open_digest, prepare
from digests.audience.topic_masks import MAX_TOPICS, too_many_topics

__all__ = [
    "MAX_TOPICS",
    "StillSending",
    "drafted",
    "open_collected",
    "open_correction",
    "open_digest",
    "prepare",
    "too_many_topics",
]
