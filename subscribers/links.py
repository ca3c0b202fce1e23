"""Signed links: what a reader may do without a password.

A token names one subscriber and one purpose, and is signed with SECRET_KEY (HMAC-SHA-256,
`django.core.signing`); a token for one purpose is forged for any other. Leaving,
pausing and stopping a section must work from the oldest mail in a drawer, so only confirmations
and preferences run out.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.core import signing

from bulletin_site.links import absolute
from bulletin_site.stamps import Stamp
from subscribers.models import Subscriber


class Purpose(StrEnum):
    """What a link is for; also the name of the route that takes its token."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    PAUSE = "pause"
    STOP = "stop"
    LEAVE = "leave"


# In the keys of return paths (`bulletin_site.mail.return_path`).
NOTICE = "n"  # a mail to a subscriber about their own subscription
LEAVING = "l"  # the address to which a subscriber writes to leave

LIFETIMES = {Purpose.CONFIRM: timedelta(days=7), Purpose.PREFERENCES: timedelta(days=365)}


class BadLink(Exception):
    """The token was not made here for this purpose."""


class ExpiredLink(BadLink):
    """The token was good once. `subscriber_id` says whose it was."""

    def __init__(self, subscriber_id: int) -> None:
        super().__init__("expired")
        self.subscriber_id = subscriber_id


def link(subscriber: Subscriber, purpose: Purpose) -> str:
    """The absolute address under which `subscriber` can do `purpose`."""
    return absolute(f"subscribers:{purpose}", token(subscriber, purpose))


def stamp(purpose: Purpose) -> Stamp:
    """Makes the same addresses as `link`, of the ids of many subscribers."""
    return Stamp(f"subscribers:{purpose}", salt=f"subscribers.{purpose}")


def token(subscriber: Subscriber, purpose: Purpose) -> str:
    """What stands in the address: URL-safe text of about 60 characters."""
    return signing.dumps(subscriber.pk, salt=f"subscribers.{purpose}")


def subscriber_id(token: str, purpose: Purpose) -> int:
    """Whose token it is. Raises ExpiredLink or BadLink. No query."""
    salt = f"subscribers.{purpose}"
    try:
        return int(signing.loads(token, salt=salt, max_age=LIFETIMES.get(purpose)))
    except signing.SignatureExpired as error:
        raise ExpiredLink(int(signing.loads(token, salt=salt))) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
