"""The button by which a reader takes back what they did a moment ago.

It stands on the page that says what was done, with a signed field that names the act: whoever
holds an old mail, and with it the links to leave and to stop, was not there and has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from subscribers import undoing
from subscribers.models import Subscriber

FIELD = "undo"
OFFERED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Act:
    """A reader left, or stopped a topic, at that moment."""

    subscriber_id: int
    topic_id: int | None
    at: datetime

    def field(self, *, at: datetime) -> str:
        """The value of the hidden field; "" once the act is too long ago."""
        if at - self.at > OFFERED_FOR:
            return ""
        params = [self.subscriber_id, self.topic_id, self.at.isoformat()]
        return signing.dumps(params, salt=FIELD)

    def undo(self, *, at: datetime) -> bool:
        """Take it back. Returns False when it is too long ago, or was undone before."""
        if at - self.at > OFFERED_FOR:
            return False
        if self.topic_id is None:
            return undoing.undo_leaving(self.subscriber_id, left_at=self.at, at=at)
        return undoing.undo_stopping(
            self.subscriber_id, topic_id=self.topic_id, stopped_at=self.at, at=at
        )


def act_in(field: str) -> Act | None:
    """The act that a field names; None for what was not signed here."""
    try:
        subscriber_id, topic_id, at = signing.loads(field, salt=FIELD)
    except signing.BadSignature:
        return None
    return Act(subscriber_id, topic_id, datetime.fromisoformat(at))


def leaving_of(reader: Subscriber, *, at: datetime) -> str:
    """The field for a reader who has left; "" for one who has not, or not lately, or was never
    confirmed and has nothing to come back to."""
    if reader.unsubscribed_at is None or reader.confirmed_at is None:
        return ""
    return Act(reader.pk, None, reader.unsubscribed_at).field(at=at)
