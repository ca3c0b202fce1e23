"""The goodbye to who has left: when it is due, who mails it, and what it says.

The subscriber's row says what is due, as in `subscribers.confirmation_mail`.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.utils import translation
from django.utils.translation import gettext

from foundation import due_rows, retries
from mail.delivery import Deferred, Message
from publications.models import Bulletin
from subscribers import notices
from subscribers.links import LIFETIMES, NOTICE, Purpose, link, return_key
from subscribers.models import Subscriber

log = logging.getLogger(__name__)


def send_due(subscriber_id: int, *, at: datetime) -> None:
    """Mail the goodbye if it is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time, for a day.
    """
    due = Subscriber.objects.due_goodbye(at=at)
    due_rows.send_due(due, subscriber_id, "goodbye_due_at", partial(_send, at=at), at=at)


def _send(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where there is nothing more to do."""
    left_at = subscriber.unsubscribed_at
    if left_at is None:
        return None  # undone at this moment
    next_due = retries.next_time(left_at, at=at)
    if next_due is None:
        log.warning("goodbye given up subscriber=%s", subscriber.pk)
        return None
    name = f"goodbye for subscriber {subscriber.pk}"
    outcome = notices.send(partial(message, subscriber, left_at=left_at, at=at), name=name)
    return next_due if isinstance(outcome, Deferred) else None


def message(subscriber: Subscriber, *, left_at: datetime, at: datetime) -> Message:
    """Return the mail that says that nothing more comes of the bulletin, what still comes to the
    same mailbox, and how to undo it. Its Message-ID is the same whenever it is mailed. Raises
    CannotRender."""
    still = Bulletin.objects.read_at(subscriber.address_key).exclude(pk=subscriber.bulletin_id)
    with translation.override(subscriber.language):
        subject = gettext("You have unsubscribed: %(bulletin)s")
    return notices.compose(
        "email/goodbye",
        subscriber.bulletin,
        {
            "language": subscriber.language,
            "subject": subject,
            "address": link(subscriber, Purpose.UNDO),
            "days": LIFETIMES[Purpose.UNDO].days,
            "mailbox": subscriber.address,
            "still": list(still),
        },
        to=subscriber.address,
        key=f"goodbye.{subscriber.pk}.{left_at:%Y%m%d%H%M%S}",
        at=at,
        return_key=return_key(subscriber, NOTICE),
    )
