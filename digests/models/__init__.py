"""Issues, and the digests mailed from them."""

from digests.models.article import Article
from digests.models.chunk import Chunk
from digests.models.delivery import Delivery
from digests.models.digest import Digest
from digests.models.edition import Edition
from digests.models.feedback import Feedback
from digests.models.heartbeat import BEAT, Heartbeat
from digests.models.issue import Issue
from digests.models.origin import Folder, Origin
from digests.models.removal import Removal
from digests.models.section import Section

__all__ = [
    "BEAT",
    "Article",
    "Chunk",
    "Delivery",
    "Digest",
    "Edition",
    "Feedback",
    "Folder",
    "Heartbeat",
    "Issue",
    "Origin",
    "Removal",
    "Section",
]
