"""A reader's links, and what they follow."""

from __future__ import annotations

import re

from django.core.mail import EmailMessage
from django.urls import reverse

from subscribers import links
from subscribers.links import Purpose
from subscribers.models import Subscriber


def address_of(reader: Subscriber, purpose: Purpose) -> str:
    """The path of the reader's link."""
    return reverse(f"subscribers:{purpose}", args=[links.token(reader, purpose)])


def link_in(mail: EmailMessage, purpose: Purpose) -> str:
    """The path of the link for `purpose` in a mail's text."""
    found = re.search(rf"/{purpose}/[^/\s]+/", str(mail.body))
    assert found, mail.body
    return found.group()


def followed(reader: Subscriber) -> set[str]:
    """The names of the topics that the reader follows."""
    current = reader.subscriptions.current().select_related("topic")
    return {subscription.topic.name_en for subscription in current}
