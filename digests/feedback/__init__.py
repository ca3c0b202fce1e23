"""What comes back after sending, and what follows from it.

`receive` takes a mail, `record` what it means; both do the same once, however often they are
called. `collect` and `listening` only fetch; `hear_refusals` looks at what never left.
"""

from digests.feedback import chaining
from digests.feedback.collecting import Visit, collect
from digests.feedback.consequences import settle_uncertain
from digests.feedback.mailbox import CannotFetch
from digests.feedback.receiving import Receipt, receive
from digests.feedback.recording import record
from digests.feedback.refusals import MOST as MOST_REFUSALS
from digests.feedback.refusals import hear_refusals

__all__ = [
    "MOST_REFUSALS",
    "CannotFetch",
    "Receipt",
    "Visit",
    "chaining",
    "collect",
    "hear_refusals",
    "receive",
    "record",
    "settle_uncertain",
]
