"""A reader's links, and what they follow."""

from __future__ import annotations

import re

from django.core.mail import EmailMessage
from django.urls import reverse

from subscribers import links, suppressions, unsubscribing
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON


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


def leave(reader: Subscriber) -> None:
    """Unsubscribe as the reader's own press does."""
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)


def suppress(reader: Subscriber) -> None:
    """Suppress the reader's address as a mail that came back for good does."""
    suppressions.suppress(
        reader.address_key, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON
    )
