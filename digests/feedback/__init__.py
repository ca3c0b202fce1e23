"""What comes back after sending, and what follows from it.

`receive` takes a mail, `record` what it means; both do the same once, however often they are
called. Sources (a Maildir, a mailbox, a listener, a provider's webhook) only fetch.
"""

from digests.feedback.consequences import settle_uncertain
from digests.feedback.receiving import Receipt, receive
from digests.feedback.recording import record

__all__ = ["Receipt", "receive", "record", "settle_uncertain"]
