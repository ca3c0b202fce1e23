"""Mails to the people of the office, from the site and not from a bulletin."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from foundation import retries
from mail.delivery import Deferred, Message, Outcome, Session, sanitized
from mail.dkim.keys import UnreadableKey
from mail.messages import encoding, headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.message import alternative, plain_template
from publications import sender_headers

logger = logging.getLogger(__name__)


def send(to: str, *, subject: str, text: str, html: str = "", key: str, at: datetime) -> Outcome:
    """Mail one person, and say what became of it; `key` makes its Message-ID. The mail server is
    waited for."""
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    fields = [
        headers.mailbox("From", sender, display_name=name),
        headers.mailbox("To", to),
        headers.date(timezone.localtime(at)),
        headers.message_id(key, domain=sender_headers.domain()),
        "Auto-Submitted: auto-generated",
        headers.unstructured("Subject", subject),
    ]
    try:
        pieces = _pieces(fields, text, html)
    except UnreadableKey as error:
        return Deferred(sanitized(error))
    message = Message(
        sender=headers.ascii_domain(sender), recipient=headers.ascii_domain(to), pieces=pieces
    )
    with closing(Session()) as session:
        outcome = session.send(message)
    logger.info("mail %s: %s", key.partition(".")[0], type(outcome).__name__)
    return outcome


def next_time(outcome: Outcome, since: datetime, *, at: datetime) -> datetime | None:
    """Return when to send again what has been due since `since`; None where there is no need, or no
    use, or it was tried for a day."""
    return retries.next_time(since, at=at) if isinstance(outcome, Deferred) else None


def _pieces(fields: list[str], text: str, html: str) -> list[bytes]:
    if html:
        return alternative(fields, text=[encoding.block(text)], html=[encoding.block(html)])
    head = MergeTemplate(("\r\n".join(fields).encode(),))
    return plain_template(head, text=MergeTemplate((encoding.block(text),))).merge({})
