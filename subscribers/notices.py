"""Mails to one reader about their own subscription."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext

from foundation.absolute_urls import absolute_url
from mail.delivery import Deferred, Message, Outcome, Rejected, Session, sanitized
from mail.dkim.keys import UnreadableKey
from mail.messages import encoding, headers, template_rendering
from mail.messages.message import alternative
from publications import sender_headers
from publications.branding import brand
from publications.models import Bulletin
from subscribers.links import LIFETIMES, NOTICE, Purpose, link, return_key, token
from subscribers.models import SignUpRequest, Subscriber

logger = logging.getLogger(__name__)


def send_confirmation(
    subscriber: Subscriber, request: SignUpRequest | None = None, *, at: datetime
) -> Outcome:
    """Mail the link to confirm. Raises nothing. One query at most, for the bulletin."""
    return _send("confirmation", subscriber, lambda: confirmation(subscriber, request, at=at))


def send_goodbye(subscriber: Subscriber, *, left_at: datetime, at: datetime) -> Outcome:
    """Mail a reader that they left at `left_at`. Raises nothing.

    Two queries at most, for the bulletin and the others that they read.
    """
    return _send("goodbye", subscriber, lambda: goodbye(subscriber, left_at=left_at, at=at))


def confirmation(
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
        subject = gettext("You are a reader already: %(bulletin)s") if known else question
    return _notice(
        "email/reminder" if known else "email/confirmation",
        subscriber,
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
    )


def goodbye(subscriber: Subscriber, *, left_at: datetime, at: datetime) -> Message:
    """Return the mail that says that nothing more comes of the bulletin, what still comes to the
    same mailbox, and how to undo it. Its Message-ID is the same whenever it is mailed. Raises
    CannotRender."""
    still = Bulletin.objects.read_at(subscriber.address_key).exclude(pk=subscriber.bulletin_id)
    with translation.override(subscriber.language):
        subject = gettext("You have left: %(bulletin)s")
    return _notice(
        "email/goodbye",
        subscriber,
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
    )


def _send(kind: str, subscriber: Subscriber, make: Callable[[], Message]) -> Outcome:
    try:
        message = make()
    except template_rendering.CannotRender as error:
        return Rejected(sanitized(error))
    except UnreadableKey as error:
        return Deferred(sanitized(error))
    with closing(Session()) as session:
        outcome = session.send(message)
    logger.info("%s for subscriber %s: %s", kind, subscriber.pk, type(outcome).__name__)
    return outcome


def _notice(
    template: str,
    subscriber: Subscriber,
    params: Mapping[str, object],
    *,
    to: str,
    key: str,
    at: datetime,
) -> Message:
    """Return the mail that a template makes of `params`; its subject takes the bulletin's name."""
    bulletin = subscriber.bulletin
    subject = str(params["subject"]) % {"bulletin": bulletin.name}
    context = {
        **params,
        "subject": subject,
        **brand(bulletin),
        "archive": absolute_url("issues:bulletin", bulletin.slug),
    }
    with translation.override(str(params["language"])):
        text = template_rendering.text(f"{template}.txt", context)
        html = template_rendering.html(f"{template}.mjml", context)
    fields = [
        *sender_headers.sender(bulletin),
        headers.mailbox("To", to),
        headers.date(timezone.localtime(at)),
        headers.message_id(key, domain=sender_headers.domain()),
        "Auto-Submitted: auto-generated",
        headers.unstructured("Subject", subject),
    ]
    return Message(
        sender=sender_headers.envelope_sender(bulletin, return_key(subscriber, NOTICE)),
        recipient=headers.ascii_domain(to),
        pieces=alternative(fields, text=[encoding.block(text)], html=[encoding.block(html)]),
    )
