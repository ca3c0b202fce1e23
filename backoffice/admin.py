"""The admin pages, in the module that Django imports."""

from backoffice.issue_pages.articles import ArticleAdmin
from backoffice.issue_pages.issues import IssueAdmin
from backoffice.log_pages.entries import EntryAdmin
from backoffice.mailing_pages.deliveries import DeliveryAdmin
from backoffice.mailing_pages.digests import DigestAdmin
from backoffice.mailing_pages.feedback import FeedbackAdmin
from backoffice.publication_pages.bulletins import BulletinAdmin
from backoffice.publication_pages.topics import TopicAdmin
from backoffice.subscriber_pages.imports import ReaderImportAdmin
from backoffice.subscriber_pages.subscribers import SubscriberAdmin
from backoffice.subscriber_pages.suppressions import SuppressionAdmin
from backoffice.users import BulletinGroupAdmin, BulletinUserAdmin

__all__ = [
    "ArticleAdmin",
    "BulletinAdmin",
    "BulletinGroupAdmin",
    "BulletinUserAdmin",
    "DeliveryAdmin",
    "DigestAdmin",
    "EntryAdmin",
    "FeedbackAdmin",
    "IssueAdmin",
    "ReaderImportAdmin",
    "SubscriberAdmin",
    "SuppressionAdmin",
    "TopicAdmin",
]
