"""The editor's pages: uploading an issue, correcting what was read, publishing, following it."""

from digests.admin.articles import ArticleAdmin
from digests.admin.deliveries import DeliveryAdmin
from digests.admin.digests import DigestAdmin
from digests.admin.feedback import FeedbackAdmin
from digests.admin.issues import IssueAdmin
from digests.admin.users import BulletinGroupAdmin, BulletinUserAdmin

__all__ = [
    "ArticleAdmin",
    "BulletinGroupAdmin",
    "BulletinUserAdmin",
    "DeliveryAdmin",
    "DigestAdmin",
    "FeedbackAdmin",
    "IssueAdmin",
]
