"""Joining an edition's blocks and a reader's merge fields to one message, or one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from digests.models import Delivery, Digest
from digests.models.edition import alert_article_ids
from digests.rendering import headers as heads
from digests.rendering.blocks import OF_READERS
from digests.rendering.delivery_tokens import DELIVERY, EDITION, mailing_key
from digests.rendering.editions import Joined, by_language
from digests.rendering.greeting import greeting
from digests.rendering.merge_fields import Link, all_to
from digests.rendering.recipients import Recipient
from foundation.absolute_urls import absolute_url, url_prefix
from foundation.tokens import TokenSigner
from mail.bounces.return_path import ReturnPath
from mail.delivery import Message
from mail.messages import encoding, headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.message import MessageTemplate, alternative_template, plain_template
from publications import sender_headers
from subscribers.links import LEAVING, READER
from subscribers.models import Subscriber
from subscribers.models.subscriber import zone_called

_KEPT = 32  # editions; workers send edition by edition, so that few are needed at a time


class _Edition(NamedTuple):
    """What those readers of an edition share who chose the same format."""

    letter: MessageTemplate
    hello: str


class MessageRenderer:
    """Prints the messages of one digest, whose blocks were set. Three queries at most, in all.

    Made for one batch: it keeps what the readers of the latest editions share, some 100 KB each.
    """

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._bulletin = digest.bulletin
        self._sender = sender_headers.envelope_sender(self._bulletin)
        self._return_path = ReturnPath()
        self._of_readers, self._of_editions = TokenSigner(READER), TokenSigner(EDITION)
        self._editions: dict[tuple[str, int, str, str], _Edition] = {}
        self._blocks = by_language(digest)

    def message(self, delivery: Delivery, *, at: datetime) -> Message:
        """The message of a delivery whose edition and subscriber are loaded, as `message_to`."""
        return self.message_to(Recipient.of(delivery), at=at)

    def message_to(self, addressee: Recipient, *, at: datetime) -> Message:
        """The message of a delivery, dated `at`.

        Its reader must be there. The first message of an edition joins its blocks (about
        0.3 ms); each further one fills in the merge fields (about 20 µs), and copies nothing of
        what the edition's readers share.
        """
        delivery, reader = addressee.delivery, addressee.reader
        if reader is None:
            raise ValueError(f"delivery {delivery} has no subscriber")
        edition, recipient = self._edition(addressee), headers.ascii_domain(addressee.address)
        second, link_key, of_digest = int(at.timestamp()), addressee.link_key, self._digest.link_key
        token = self._of_readers.token(reader, link_key, at=second)
        values = {
            heads.TO: headers.mailbox("To", recipient, display_name=addressee.name).encode(),
            heads.DATE: _date(second, addressee.time_zone),
            heads.DELIVERY: b"%d" % delivery,
            heads.CORRECTED: b"%d" % (addressee.corrects or 0),
            heads.TOKEN: token,
            heads.LEAVING: self._return_path.address((LEAVING, reader, link_key)).encode(),
            READER: encoding.line(token),
            EDITION: encoding.line(self._of_editions.token(delivery, of_digest, at=second)),
            **greeting(addressee.name, edition.hello),
        }
        sender = self._return_path.address((DELIVERY, delivery, of_digest)) or self._sender
        return Message(sender=sender, recipient=recipient, pieces=edition.letter.merge(values))

    def page(self, delivery: Delivery) -> str:
        """The HTML of the same mail, for a browser, as it may be passed on: nobody is greeted,
        and what a reader could do leads to the page where one has a link mailed."""
        addressee, second = Recipient.of(delivery), int(self._digest.opened_at.timestamp())
        token = self._of_editions.token(delivery.pk, self._digest.link_key, at=second)
        page = absolute_url("subscribers:request_link", self._bulletin.slug)
        joined = self._joined(addressee, all_to(page) | {"view": self._links["view"]})
        values = {
            EDITION: encoding.line(token),
            **greeting("", joined.hello),
        }
        return encoding.decoded(joined.html.merge(values))

    def _edition(self, addressee: Recipient) -> _Edition:
        key = (addressee.language, addressee.topic_mask, addressee.alert_articles, addressee.format)
        found = self._editions.get(key)
        if found is None:
            if len(self._editions) >= _KEPT:
                self._editions.pop(next(iter(self._editions)))
            joined = self._joined(addressee, self._links)
            letter = self._letter(joined, as_text=addressee.format == Subscriber.Format.TEXT)
            found = self._editions[key] = _Edition(letter, joined.hello)
        return found

    def _joined(self, addressee: Recipient, links: Mapping[str, Link]) -> Joined:
        return self._blocks[addressee.language].joined(
            links,
            topic_mask=addressee.topic_mask,
            alert_articles=alert_article_ids(addressee.alert_articles),
        )

    def _letter(self, joined: Joined, *, as_text: bool) -> MessageTemplate:
        subject = {heads.SUBJECT: MergeTemplate((joined.subject_field.encode(),))}
        head = MergeTemplate.joined([self._head], subject)
        if as_text:
            return plain_template(head, text=joined.text)
        return alternative_template(head, text=joined.text, html=joined.html)

    @cached_property
    def _head(self) -> MergeTemplate:
        return heads.head(
            self._digest,
            corrected=self._corrected,
            leave=self._links["leave"],
            choose=self._links["preferences"],
        )

    @cached_property
    def _corrected(self) -> str:
        """The mailing key of the digest that this one corrects; "" where it is none."""
        corrected = self._digest.corrects
        return mailing_key(corrected) if corrected else ""

    @cached_property
    def _links(self) -> dict[str, Link]:
        """Where the links of a reader's mail lead."""
        links = {name: Link(url_prefix(f"subscribers:{name}"), READER) for name in OF_READERS}
        return links | {"view": Link(url_prefix("digests:edition"), EDITION)}


@lru_cache(maxsize=256)
def _date(second: int, time_zone: str) -> bytes:
    return headers.date(datetime.fromtimestamp(second, zone_called(time_zone))).encode()
