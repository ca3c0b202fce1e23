"""The transitions of `Delivery.status`, which the ledger keeps: the diagram in
docs/architecture.md."""

from __future__ import annotations

from typing import NamedTuple

from digests.models.delivery import DeliveryStatus


class Transition(NamedTuple):
    """A change of status, and the statuses from which it is allowed."""

    to: DeliveryStatus
    allowed_from: tuple[DeliveryStatus, ...]


_QUEUED = (DeliveryStatus.QUEUED,)
_UNCERTAIN = (DeliveryStatus.UNCERTAIN,)
# A worker that was taken for dead may still report a final outcome.
_QUEUED_OR_UNCERTAIN = (DeliveryStatus.QUEUED, DeliveryStatus.UNCERTAIN)

ACCEPT = Transition(DeliveryStatus.SENT, _QUEUED_OR_UNCERTAIN)
REJECT = Transition(DeliveryStatus.FAILED, _QUEUED_OR_UNCERTAIN)
EXPIRE = Transition(DeliveryStatus.FAILED, _QUEUED_OR_UNCERTAIN)
MARK_UNCERTAIN = Transition(DeliveryStatus.UNCERTAIN, _QUEUED_OR_UNCERTAIN)
DEFER = Transition(DeliveryStatus.QUEUED, _QUEUED)
SKIP = Transition(DeliveryStatus.SKIPPED, _QUEUED)
CONFIRM_SENT = Transition(DeliveryStatus.SENT, _UNCERTAIN)
REQUEUE = Transition(DeliveryStatus.QUEUED, _UNCERTAIN)
# Only when a person asks for it (`digests.sending.resending`): of itself nothing leads out of what
# is settled.
RESEND = Transition(
    DeliveryStatus.QUEUED,
    (
        DeliveryStatus.SENT,
        DeliveryStatus.FAILED,
        DeliveryStatus.SKIPPED,
        DeliveryStatus.UNCERTAIN,
    ),
)
