"""The two notices of a change of address: when they are due, who mails them, and what they say.

The row of the change says what is due, as in `subscribers.confirmation_mail`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils import translation
from django.utils.translation import gettext

from foundation import retries
from foundation.masking import masked
from mail.delivery import Deferred, Message, Outcome
from mail.messages.idn import readable
from subscribers import change_links, change_of_address, mailboxes, notices
from subscribers.links import Purpose, link
from subscribers.models import AddressChange, Subscriber
from subscribers.models.address_change import CONFIRMABLE_FOR, UNDOABLE_FOR

log = logging.getLogger(__name__)


def send_due(change_id: int, *, at: datetime) -> None:
    """Mail what is due of a change; whoever claims a notice first does it, once.

    While the mail server is away it stays due, later each time, for a day.
    """
    _send_due(change_id, "question_due_at", _ask, at=at)
    _send_due(change_id, "notice_due_at", _notify, at=at)


def _send_due(
    change_id: int, column: str, send: Callable[..., Outcome | None], *, at: datetime
) -> None:
    rows = AddressChange.objects.filter(pk=change_id)
    claimed_until = at + retries.LEASE
    if not rows.filter(**{f"{column}__lte": at}).update(**{column: claimed_until}):
        return
    change = rows.select_related("subscriber__bulletin").get()
    again = retries.next_time(change.requested_at, at=at)
    if again is None:
        log.warning("notice of a change of address given up change=%s", change_id)
    else:
        outcome = send(change, at=at)
        again = again if isinstance(outcome, Deferred) else None
    rows.filter(**{column: claimed_until}).update(**{column: again})


def _ask(change: AddressChange, *, at: datetime) -> Outcome | None:
    """Ask at the new address. None where there is nothing to ask any more."""
    if change.confirmed_at or change.ended_at:
        return None
    there = None
    if not change_of_address.movable(change):
        there = mailboxes.readers_at(change.address_key).confirmed().order_by("pk").first()
        if there is None:
            return None  # nobody reads at the former address any more
    name = f"question about an address for subscriber {change.subscriber_id}"
    return notices.send(partial(question, change, reads_already=there, at=at), name=name)


def _notify(change: AddressChange, *, at: datetime) -> Outcome:
    """Say at the former address that it is to be changed, and how to stop that."""
    name = f"notice about an address for subscriber {change.subscriber_id}"
    return notices.send(partial(notice, change, at=at), name=name)


def question(change: AddressChange, *, reads_already: Subscriber | None, at: datetime) -> Message:
    """Return the mail to the new address of a change. Raises CannotRender."""
    subscriber = change.subscriber
    with translation.override(subscriber.language):
        asks = gettext("Please confirm your new address: %(bulletin)s")
        subject = gettext("You are a reader already: %(bulletin)s") if reads_already else asks
    return notices.compose(
        "email/address_taken" if reads_already else "email/address_question",
        subscriber.bulletin,
        {
            "language": subscriber.language,
            "subject": subject,
            "address": link(reads_already, Purpose.PREFERENCES)
            if reads_already
            else change_links.link(change, change_links.Side.NEW),
            "former": masked(readable(change.former_address)),
            "days": CONFIRMABLE_FOR.days,
        },
        to=change.address,
        key=f"address.{change.pk}.{change.requested_at:%Y%m%d%H%M%S}",
        at=at,
    )


def notice(change: AddressChange, *, at: datetime) -> Message:
    """Return the mail to the former address of a change. Raises CannotRender."""
    subscriber = change.subscriber
    with translation.override(subscriber.language):
        subject = gettext("Your address is to be changed: %(bulletin)s")
    return notices.compose(
        "email/address_notice",
        subscriber.bulletin,
        {
            "language": subscriber.language,
            "subject": subject,
            "address": change_links.link(change, change_links.Side.FORMER),
            "new": masked(readable(change.address)),
            "days": UNDOABLE_FOR.days,
        },
        to=change.former_address,
        key=f"address-notice.{change.pk}.{change.requested_at:%Y%m%d%H%M%S}",
        at=at,
    )
