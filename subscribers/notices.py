"""Mails to one reader about their own subscription."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext

from bulletin_site.links import absolute
from bulletin_site.mail import encoding, headers, printing
from bulletin_site.mail.dkim_keys import UnreadableKey
from bulletin_site.mail.message import alternative
from bulletin_site.mail.transport import (
    Message,
    Outcome,
    Refused,
    Session,
    Unavailable,
    in_short,
)
from subscribers import letterhead
from subscribers.links import LIFETIMES, NOTICE, Purpose, link, return_key
from subscribers.looks import look
from subscribers.models import Subscriber

logger = logging.getLogger(__name__)


def send_answer(subscriber: Subscriber, *, at: datetime) -> Outcome:
    """Answer a signing up in the reader's language. Raises nothing.

    One query at most, for the bulletin.
    """
    try:
        message = answer(subscriber, at=at)
    except printing.CannotPrint as error:
        return Refused(in_short(error))
    except UnreadableKey as error:
        return Unavailable(in_short(error))
    with closing(Session()) as session:
        outcome = session.send(message)
    logger.info("answer for subscriber %s: %s", subscriber.pk, type(outcome).__name__)
    return outcome


def answer(subscriber: Subscriber, *, at: datetime) -> Message:
    """What a signing up is answered with: the question whether it was they, or, for a reader
    who confirmed long ago, the way to their choices. Raises CannotPrint.

    It says nothing that was typed into the form, the name least of all: whoever typed it may
    be a stranger who wants his words mailed to this address.
    """
    bulletin = subscriber.bulletin
    known = subscriber.confirmed_at is not None
    with translation.override(subscriber.language):
        asked = gettext("Please confirm: %(bulletin)s")
        subject = gettext("You are a reader already: %(bulletin)s") if known else asked
        told = {
            "language": subscriber.language,
            "subject": subject % {"bulletin": bulletin.name},
            **look(bulletin),
            "address": link(subscriber, Purpose.PREFERENCES if known else Purpose.CONFIRM),
            "days": LIFETIMES[Purpose.CONFIRM].days,
            "archive": absolute("digests:bulletin", bulletin.slug),
        }
        template = "email/reminder" if known else "email/confirmation"
        text = printing.text(f"{template}.txt", told)
        html = printing.html(f"{template}.mjml", told)
    recipient = headers.ascii_domain(subscriber.address)
    pieces = alternative(
        [*_headers(subscriber, at=at), headers.unstructured("Subject", str(told["subject"]))],
        text=[encoding.block(text)],
        html=[encoding.block(html)],
    )
    sender = letterhead.envelope_sender(bulletin, return_key(subscriber, NOTICE))
    return Message(sender=sender, recipient=recipient, pieces=pieces)


def _headers(subscriber: Subscriber, *, at: datetime) -> list[str]:
    return [
        *letterhead.sender(subscriber.bulletin),
        headers.mailbox("To", subscriber.address),
        headers.date(timezone.localtime(at)),
        headers.message_id(
            f"confirm.{subscriber.pk}.{at:%Y%m%d%H%M%S}", domain=letterhead.domain()
        ),
        "Auto-Submitted: auto-generated",
    ]
