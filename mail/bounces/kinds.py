"""The words for what came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BounceKind(StrEnum):
    """What a mail that came back, or a provider's event, says of a message."""

    DELIVERED = "delivered"  # it is in the mailbox
    DELAYED = "delayed"  # it is still being tried
    HARD_BOUNCE = "gone"  # hard bounce: there is no such mailbox
    SOFT_BOUNCE = "soft"  # bounced for a reason that may pass: full, busy, away
    BLOCKED = "policy"  # bounced because of us or of what we wrote, not because of the mailbox
    COMPLAINED = "complained"  # the reader reported it as spam
    LEFT = "left"  # the reader left on a page of the provider
    REPLY = "written"  # somebody wrote to the address, which means what the address is for


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back. `places` are the texts in which its key may stand, the surest first;
    `status` is an enhanced status code (RFC 3463) or ""; `detail` is what was said, on one
    line of at most 500 characters, without addresses; `identity` is the same when the same
    mail or event comes twice."""

    kind: BounceKind
    places: tuple[str, ...]
    status: str = ""
    detail: str = ""
    identity: str = ""
