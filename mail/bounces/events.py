"""The events of what came back, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BounceKind(StrEnum):
    """The kind of what a mail that came back, or a provider's webhook, says of a message."""

    DELIVERED = "delivered"  # it is in the mailbox
    DELAYED = "delayed"  # a server on the way still retries
    HARD_BOUNCE = "hard_bounce"  # there is no such mailbox
    SOFT_BOUNCE = "soft_bounce"  # bounced for a reason that may pass: full, busy, unreachable
    BLOCKED = "blocked"  # bounced because of the sender or the content, not of the mailbox
    COMPLAINED = "complained"  # the reader reported it as spam
    LEFT = "left"  # the reader unsubscribed on a page of the provider
    REPLY = "reply"  # somebody wrote to the address, which means what the address is for


@dataclass(frozen=True, slots=True)
class BounceEvent:
    """An event: what came back. `key_texts` are the texts in which its signed key may stand, the
    surest first; `status` is an enhanced status code (RFC 3463) or ""; `detail` is the diagnostic,
    on one line of at most 500 characters, without addresses; `identity` is the same when the same
    mail or event comes twice."""

    kind: BounceKind
    key_texts: tuple[str, ...]
    status: str = ""
    detail: str = ""
    identity: str = ""
