"""The messages of a digest as a mail program reads them, without sending them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from digests.models import Delivery, Digest, Edition
from digests.rendering import MessageRenderer, set_blocks
from issues.models import Issue
from subscribers.models import Subscriber
from tests.support.factories import NOON


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest whose blocks are rendered, and mails of it."""

    digest: Digest

    @property
    def everything(self) -> int:
        """The topic_mask of all topics."""
        return (1 << len(self.digest.topics)) - 1

    def delivery(
        self,
        *,
        topic_mask: int,
        alert_articles: Sequence[int] = (),
        language: str = "en",
        **reader: Any,
    ) -> Delivery:
        """A delivery that is not stored, for a reader who is not stored either."""
        edition = Edition(
            digest=self.digest,
            language=language,
            topic_mask=topic_mask,
            alert_articles=",".join(map(str, alert_articles)),
        )
        fields = {"pk": 7, "link_key": 8, "address": "ann@reader.example"} | reader
        bulletin = self.digest.bulletin
        subscriber = Subscriber(bulletin=bulletin, language=language, **fields)
        return Delivery(pk=11, digest=self.digest, edition=edition, subscriber=subscriber)

    def mail(self, *, at: datetime = NOON, **who: Any) -> EmailMessage:
        """The message as a mail program reads it; `who` as for `delivery`, all by default."""
        return read(self.delivery(**({"topic_mask": self.everything} | who)), at=at)


def read(delivery: Delivery, *, at: datetime = NOON) -> EmailMessage:
    """The message of a delivery, as a mail program reads it."""
    data = MessageRenderer(delivery.digest).message(delivery, at=at).data
    return message_from_bytes(data, _class=EmailMessage, policy=policy.strict)


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def rendered_digest_of(issue: Issue) -> RenderedDigest:
    """The issue's digest, opened and rendered."""
    digest = Digest.draft(issue, at=NOON)
    digest.save()
    set_blocks(digest)
    return RenderedDigest(digest)
