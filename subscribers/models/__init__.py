"""Readers, what they chose, and who must not be mailed."""

from subscribers.models.keyword_alert import KeywordAlert
from subscribers.models.mailability import NotMailable, skip_reason
from subscribers.models.note import Note
from subscribers.models.notice_limit import NoticeLimit
from subscribers.models.reader_import import (
    ErasedAddress,
    ImportedReader,
    ImportRow,
    ImportStatus,
    ReaderImport,
)
from subscribers.models.sign_up_request import SignUpRequest
from subscribers.models.subscriber import Subscriber
from subscribers.models.subscription import Subscription
from subscribers.models.suppression import Suppression

__all__ = [
    "ErasedAddress",
    "ImportRow",
    "ImportStatus",
    "ImportedReader",
    "KeywordAlert",
    "NotMailable",
    "Note",
    "NoticeLimit",
    "ReaderImport",
    "SignUpRequest",
    "Subscriber",
    "Subscription",
    "Suppression",
    "skip_reason",
]
