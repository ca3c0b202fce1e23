"""A notice: a mail about one subscription, made from a template, and sent. What each says, and when
it is due, stands in a module of its own, such as `subscribers.goodbye_mail`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime

from django.utils import timezone, translation

from foundation.absolute_urls import absolute_url
from mail.bounces.return_path import Key
from mail.delivery import Deferred, Message, Outcome, Rejected, Session, sanitized
from mail.dkim.keys import UnreadableKey
from mail.messages import encoding, headers, template_rendering
from mail.messages.message import alternative
from publications import sender_headers
from publications.branding import brand
from publications.models import Bulletin

logger = logging.getLogger(__name__)


def send(make: Callable[[], Message], *, name: str) -> Outcome:
    """Send the notice that `make` makes; the log calls it `name`. Raises nothing."""
    try:
        message = make()
    except template_rendering.CannotRender as error:
        return Rejected(sanitized(error))
    except UnreadableKey as error:
        return Deferred(sanitized(error))
    with closing(Session()) as session:
        outcome = session.send(message)
    logger.info("%s: %s", name, type(outcome).__name__)
    return outcome


def compose(
    template: str,
    bulletin: Bulletin,
    params: Mapping[str, object],
    *,
    to: str,
    key: str,
    at: datetime,
    return_key: Key | None = None,
) -> Message:
    """Return the mail that a template makes of `params`; its subject takes the bulletin's name.
    What comes back of it is recorded by its `return_key`; without one, it says nothing of anybody.
    Its Message-ID is made of `key`. Raises CannotRender."""
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
        sender=sender_headers.envelope_sender(bulletin, return_key),
        recipient=headers.ascii_domain(to),
        pieces=alternative(fields, text=[encoding.block(text)], html=[encoding.block(html)]),
    )
