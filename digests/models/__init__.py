"""The tables of digests: who gets what, what became of it, signs of life, and the origin."""

from digests.models.batch import Batch
from digests.models.carried_issue import CarriedIssue
from digests.models.delivery import Delivery
from digests.models.digest import Digest
from digests.models.edition import Edition
from digests.models.feedback import Feedback
from digests.models.heartbeat import BEAT, Heartbeat
from digests.models.left_out import LeftOut
from digests.models.origin import Folder, Origin
from digests.models.pending_issue import PendingArticle, PendingIssue

__all__ = [
    "BEAT",
    "Batch",
    "CarriedIssue",
    "Delivery",
    "Digest",
    "Edition",
    "Feedback",
    "Folder",
    "Heartbeat",
    "LeftOut",
    "Origin",
    "PendingArticle",
    "PendingIssue",
]
