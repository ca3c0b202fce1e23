"""Who gets what: written down once, when a digest is opened."""

from digests.audience.corrections import StillSending, drafted, open_correction
from digests.audience.preparation import MOST_TOPICS, open_digest, prepare, too_many_topics

__all__ = [
    "MOST_TOPICS",
    "StillSending",
    "drafted",
    "open_correction",
    "open_digest",
    "prepare",
    "too_many_topics",
]
