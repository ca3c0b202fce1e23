"""The tables of digests: who gets what, what became of it, signs of life, and the origin."""

from digests.models.batch import Batch
from digests.models.delivery import Delivery
from digests.models.digest import Digest
from digests.models.edition import Edition
from digests.models.feedback import Feedback
from digests.models.heartbeat import BEAT, Heartbeat
from digests.models.origin import Folder, Origin

__all__ = [
    "BEAT",
    "Batch",
    "Delivery",
    "Digest",
    "Edition",
    "Feedback",
    "Folder",
    "Heartbeat",
    "Origin",
]
