"""Readers, what they chose, and who must not be mailed."""

from subscribers.models.address_change import AddressChange
from subscribers.models.erasure_notice import ErasureNotice
from subscribers.models.keyword_alert import KeywordAlert
from subscribers.models.mailability import NotMailable, may_be_mailed, skip_reason
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
from subscribers.models.unsubscribe_reason import UnsubscribeReason

__all__ = [
    "AddressChange",
    "ErasedAddress",
    "ErasureNotice",
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
    "UnsubscribeReason",
    "may_be_mailed",
    "skip_reason",
]
