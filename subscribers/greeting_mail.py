"""The greeting of new readers for whom there is no issue yet: when it is due, who mails it, and
what it says.

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
from subscribers import notices
from subscribers.links import NOTICE, Purpose, link, return_key
from subscribers.models import Subscriber

log = logging.getLogger(__name__)


def send_due(subscriber_id: int, *, at: datetime) -> None:
    """Mail the greeting if it is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time, for a day.
    """
    due = Subscriber.objects.due_greeting(at=at)
    due_rows.send_due(due, subscriber_id, "greeting_due_at", partial(_send, at=at), at=at)


def _send(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where there is nothing more to do."""
    began = subscriber.confirmed_at
    next_due = began and retries.next_time(began, at=at)
    if began is None or next_due is None:
        log.warning("greeting given up subscriber=%s", subscriber.pk)
        return None
    name = f"greeting for subscriber {subscriber.pk}"
    outcome = notices.send(partial(message, subscriber, at=at), name=name)
    return next_due if isinstance(outcome, Deferred) else None


def message(subscriber: Subscriber, *, at: datetime) -> Message:
    """Return the mail that a new reader gets for whom there is no issue yet: how often mail comes,
    and the link to their choices. Its Message-ID is the same whenever it is mailed. Raises
    CannotRender."""
    with translation.override(subscriber.language):
        subject = gettext("Your subscription: %(bulletin)s")
    return notices.compose(
        "email/greeting",
        subscriber.bulletin,
        {
            "language": subscriber.language,
            "subject": subject,
            "address": link(subscriber, Purpose.PREFERENCES),
            "cadence": subscriber.cadence,
        },
        to=subscriber.address,
        key=f"greeting.{subscriber.pk}.{subscriber.confirmed_at:%Y%m%d%H%M%S}",
        at=at,
        return_key=return_key(subscriber, NOTICE),
    )
