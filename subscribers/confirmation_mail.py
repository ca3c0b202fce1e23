"""The mail with the link to confirm: when it is due, who mails it, and what it says.

The subscriber's row says what is due, so that a task that was never queued, or whose worker
died, is found by the sweep.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from foundation import due_rows, retries
from foundation.absolute_urls import absolute_url
from mail.delivery import Deferred, Message
from publications.models import Bulletin
from subscribers import notices
from subscribers.addresses import Address
from subscribers.links import LIFETIMES, NOTICE, Purpose, link, return_key, token
from subscribers.models import NoticeLimit, SignUpRequest, Subscriber

log = logging.getLogger(__name__)

# Who signs up again gets another mail, but nobody can fill a stranger's mailbox: there are three
# a day, of all bulletins together.
WAITS = (timedelta(minutes=3), timedelta(hours=1))


@transaction.atomic
def request(subscriber_id: int, *, at: datetime) -> bool:
    """Make a confirmation mail due at `at`.

    Returns False when the mailbox got one too lately or too often (`NoticeLimit`), from whichever
    bulletin, or must not get any.
    """
    subscriber = Subscriber.objects.confirmable().filter(pk=subscriber_id)
    mailbox = subscriber.values_list("address_key", flat=True).first()
    if mailbox is None:
        return False
    kind = NoticeLimit.Kind.CONFIRMATION
    if not NoticeLimit.objects.take(mailbox, kind, waits=WAITS, at=at):
        return False
    return bool(subscriber.update(confirmation_requested_at=at, confirmation_due_at=at))


def request_link(bulletin: Bulletin, *, address: Address, at: datetime) -> int | None:
    """Make a mail with a link due at `at` for the subscriber of `bulletin` at `address`.

    Returns their id; None where there is nobody, they have left, or `request` says no.
    """
    subscriber = Subscriber.objects.filter(
        bulletin=bulletin, address_key=address.key, unsubscribed_at__isnull=True
    ).first()
    return subscriber.pk if subscriber is not None and request(subscriber.pk, at=at) else None


def send_due(subscriber_id: int, *, at: datetime) -> None:
    """Mail the link to confirm if that is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time; after a day the reader, who has
    long signed up again, or has not cared, has to sign up again.
    """
    due = Subscriber.objects.due_confirmation(at=at)
    due_rows.send_due(due, subscriber_id, "confirmation_due_at", partial(_send, at=at), at=at)


def _send(subscriber: Subscriber, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where there is nothing more to do."""
    pending = SignUpRequest.objects.pending(subscriber)
    if pending is None and not subscriber.is_reading:
        return None  # left or forgotten meanwhile
    name = f"confirmation for subscriber {subscriber.pk}"
    outcome = notices.send(partial(message, subscriber, pending, at=at), name=name)
    if not isinstance(outcome, Deferred):
        return None
    next_due = retries.next_time(subscriber.confirmation_requested_at or at, at=at)
    if next_due is None:
        log.warning("confirmation given up subscriber=%s", subscriber.pk)
    return next_due


def message(
    subscriber: Subscriber, request: SignUpRequest | None = None, *, at: datetime
) -> Message:
    """Return the mail that a sign-up brings: the question whether it was they, in the language of
    their `request`, or, for a reader, the link to their choices. Raises CannotRender.

    It says nothing that was typed into the form, the name least of all: whoever typed it may
    be a stranger who wants his words mailed to this address.
    """
    known = subscriber.is_reading
    signed_up = subscriber if known or request is None else request
    with translation.override(signed_up.language):
        question = gettext("Please confirm: %(bulletin)s")
        subject = gettext("You are already subscribed: %(bulletin)s") if known else question
    return notices.compose(
        "email/reminder" if known else "email/confirmation",
        subscriber.bulletin,
        {
            "language": signed_up.language,
            "subject": subject,
            "address": link(subscriber, Purpose.PREFERENCES if known else Purpose.CONFIRM),
            "days": LIFETIMES[Purpose.CONFIRM].days,
            "not_me": absolute_url("subscribers:not_me", token(subscriber, Purpose.CONFIRM)),
        },
        to=signed_up.address,
        key=f"confirm.{subscriber.pk}.{at:%Y%m%d%H%M%S}",
        at=at,
        return_key=return_key(subscriber, NOTICE),
    )
