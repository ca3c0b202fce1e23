"""Suppressing an address: from then on nothing is mailed to it, whatever it signs up for."""

from __future__ import annotations

import logging
from datetime import datetime

from subscribers.models import Suppression
from subscribers.models.suppression import SuppressionReason

log = logging.getLogger(__name__)


def suppress(address_key: str, *, reason: SuppressionReason, evidence: str, at: datetime) -> bool:
    """Have nothing mailed to the address from `at`. Returns False when that was so already.

    It holds for every bulletin: a mailbox that is gone is gone for all of them, and complaints
    are counted against the site's sending domain.
    """
    suppression, new = Suppression.objects.current().get_or_create(
        address_key=address_key,
        confirmations_only=False,
        lifted_at=None,
        defaults={"reason": reason, "evidence": evidence[:500], "suppressed_at": at},
    )
    if new:
        log.info("suppressed suppression=%s reason=%s", suppression.pk, reason.value)
    return new


def refuse_confirmations(address_key: str, *, at: datetime) -> bool:
    """Mail the address no link to confirm from `at`, whoever types it into a form. Returns False
    when that was so already. What a reader of it gets goes on."""
    suppression, new = Suppression.objects.unlifted().get_or_create(
        address_key=address_key,
        confirmations_only=True,
        lifted_at=None,
        defaults={"reason": SuppressionReason.NOT_ME, "suppressed_at": at},
    )
    if new:
        log.info(
            "suppressed suppression=%s reason=%s", suppression.pk, SuppressionReason.NOT_ME.value
        )
    return new


def ask_again(address_key: str, *, because: str, at: datetime) -> bool:
    """Take back that the address is mailed no link to confirm. Returns False when that was not so.
    What else is held against the address stays."""
    held = Suppression.objects.unlifted().filter(address_key=address_key, confirmations_only=True)
    taken_back = bool(held.update(lifted_at=at, lifted_because=because))
    if taken_back:
        log.info("lifted: confirmations may be mailed again")
    return taken_back


def lift(suppression_id: int, *, because: str, at: datetime) -> bool:
    """Lift the suppression for a reason, so that the address may be mailed again. Returns False
    when it was lifted before."""
    held = Suppression.objects.unlifted().filter(pk=suppression_id)
    lifted = bool(held.update(lifted_at=at, lifted_because=because))
    if lifted:
        log.info("lifted suppression=%s", suppression_id)
    return lifted
