"""Feedback: what comes back after sending, and what follows from it.

`receive` takes a mail, `record` what it means; both do the same once, however often they are
called. `collect`, `lmtp` and `webhooks` only fetch; `record_rejections` looks at what was never
accepted.
"""

from digests.bounces import chaining
from digests.bounces.collecting import Visit, collect
from digests.bounces.policy import settle_uncertain
from digests.bounces.receiving import Receipt, receive
from digests.bounces.recording import record
from digests.bounces.rejections import MAX_REJECTIONS, record_rejections
from digests.bounces.remote_mailbox import CannotFetch
from digests.bounces.retention import forget

__all__ = [
    "MAX_REJECTIONS",
    "CannotFetch",
    "Receipt",
    "Visit",
    "chaining",
    "collect",
    "forget",
    "receive",
    "record",
    "record_rejections",
    "settle_uncertain",
]
