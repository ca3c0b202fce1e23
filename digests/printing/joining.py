"""Joining an edition's blocks and a reader's merge fields to one message, or one page."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cached_property, lru_cache
from html import escape

from django.utils import timezone, translation
from django.utils.translation import gettext

from bulletin_site.links import absolute
from bulletin_site.mail import encoding, headers, return_path
from bulletin_site.mail.message import alternative, plain
from bulletin_site.mail.return_path import Key
from bulletin_site.mail.transport import Message
from bulletin_site.mail.wrapping import wrap
from bulletin_site.stamps import Stamp
from digests.models import Delivery, Digest, Edition
from digests.printing.editions import Blocks, Joined
from digests.printing.setting import LINKS
from digests.printing.tokens import DELIVERY, edition_stamp, message_key
from subscribers import letterhead
from subscribers.links import LEAVING, Purpose, stamp
from subscribers.models import Subscriber

_KEPT = 32  # editions; workers send edition by edition, so that few are needed at a time


class Printer:
    """Prints the messages of one digest, whose blocks were set. Three queries at most, in all.

    Made for one batch: it keeps what the readers of the latest editions share, some 100 KB each.
    """

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._bulletin = digest.issue.bulletin
        self._editions: dict[tuple[str, int, str], Joined] = {}
        self._blocks = {
            language: Blocks.of(stored, language=language, kind=digest.kind)
            for language, stored in digest.blocks.items()
        }

    def message(self, delivery: Delivery, *, at: datetime) -> Message:
        """The message of a delivery whose edition and subscriber are loaded, dated `at`.

        The delivery must have a subscriber. No query. The first message of an edition joins its
        blocks (about 0.3 ms); each further one fills in the merge fields (about 40 µs for 50 KB).
        """
        reader = delivery.subscriber
        if reader is None:
            raise ValueError(f"delivery {delivery.pk} has no subscriber")
        joined = self._joined(delivery.edition)
        links, greeting = self._links(delivery), hello(reader, joined)
        recipient = headers.ascii_domain(reader.address)
        fields = [
            *self._shared_headers,
            joined.subject_field,
            headers.mailbox("To", recipient, called=reader.name),
            _date(at.replace(microsecond=0), zone=reader.zone),
            headers.message_id(message_key(self._digest, delivery.pk), domain=letterhead.domain()),
            *self._answering(delivery),
            *headers.one_click(links["leave"], address=self._leaving(reader)),
            headers.link("List-Help", links["preferences"]),
        ]
        text = joined.text.filled(_in_text(links, greeting))
        if reader.format == Subscriber.Format.TEXT:
            data = plain(fields, text=text)
        else:
            html = joined.html.filled(_in_html(links, greeting))
            data = alternative(fields, text=text, html=html)
        sender = letterhead.envelope_sender(self._bulletin, Key(DELIVERY, delivery.pk))
        return Message(sender=sender, recipient=recipient, data=data)

    def proof(self, *, language: str, to: str, at: datetime) -> Message:
        """A trial copy for an editor, with all sections; its links lead to the issue's page."""
        joined = self.whole(language)
        issue = self._digest.issue
        page = absolute("digests:issue", self._bulletin.slug, issue.pk)
        links = _all_to(page)
        with translation.override(language):
            subject = gettext("Proof: %(subject)s") % {"subject": joined.subject}
        recipient = headers.ascii_domain(to)
        fields = [
            *self._shared_headers,
            headers.unstructured("Subject", subject),
            headers.mailbox("To", recipient),
            _date(at.replace(microsecond=0)),
            headers.message_id(
                f"proof.{issue.pk}.{language}.{at:%Y%m%d%H%M%S%f}", domain=letterhead.domain()
            ),
        ]
        data = alternative(
            fields,
            text=joined.text.filled(_in_text(links, "")),
            html=joined.html.filled(_in_html(links, "")),
        )
        sender = letterhead.envelope_sender(self._bulletin)
        return Message(sender=sender, recipient=recipient, data=data)

    def whole(self, language: str) -> Joined:
        """The edition of all sections in `language`: the heaviest that there can be."""
        return self._blocks[language].joined(selection=(1 << len(self._digest.topics)) - 1)

    def page(self, delivery: Delivery) -> str:
        """The HTML of the same mail, for a browser; also for a reader whose row is gone."""
        joined = self._joined(delivery.edition)
        fields = _in_html(self._links(delivery), hello(delivery.subscriber, joined))
        return encoding.decoded(joined.html.filled(fields))

    def _joined(self, edition: Edition | None) -> Joined:
        if edition is None:
            raise ValueError("an excluded reader gets no mail")
        key = (edition.language, edition.selection, edition.watched)
        if key not in self._editions:
            if len(self._editions) >= _KEPT:
                self._editions.pop(next(iter(self._editions)))
            self._editions[key] = self._blocks[edition.language].joined(
                selection=edition.selection, watched=edition.articles
            )
        return self._editions[key]

    def _links(self, delivery: Delivery) -> dict[str, str]:
        """The addresses that only this reader gets: what `digests.printing.setting.LINKS` names."""
        view, of_readers = self._stamps
        reader = delivery.subscriber_id
        if reader is None:  # the row is gone
            links = _all_to(absolute("subscribers:sign_up", self._bulletin.slug))
        else:
            links = {name: one.address(reader) for name, one in of_readers.items()}
        return links | {"view": view.address(delivery.pk)}

    @cached_property
    def _corrected(self) -> Digest:
        return Digest.objects.only("opened_at").get(corrections=self._digest)

    def _answering(self, delivery: Delivery) -> list[str]:
        """What puts a correction beside the mail that it corrects."""
        if delivery.corrects is None:
            return []
        key = message_key(self._corrected, delivery.corrects)
        return headers.answer_to(key, domain=letterhead.domain())

    @cached_property
    def _stamps(self) -> tuple[Stamp, dict[str, Stamp]]:
        return edition_stamp(), {name: stamp(Purpose(name)) for name in LINKS if name != "view"}

    @cached_property
    def _shared_headers(self) -> list[str]:
        bulletin, digest = self._bulletin, self._digest
        mailing = (str(digest.pk), bulletin.slug, digest.kind)
        return [
            *letterhead.sender(bulletin),
            *letterhead.mailing_list(bulletin),
            headers.feedback_id(*mailing, sender=letterhead.domain()),
        ]

    def _leaving(self, reader: Subscriber) -> str:
        """The address to which this reader can write to leave; "" where nobody reads it."""
        return return_path.address(Key(LEAVING, reader.pk))


def _all_to(page: str) -> dict[str, str]:
    """The links of nobody: all lead to one page, also the one to which a topic is added."""
    return dict.fromkeys(LINKS, page) | {"stop": f"{page}#"}


@lru_cache(maxsize=256)
def _date(at: datetime, *, zone: tzinfo | None = None) -> str:
    return headers.date(timezone.localtime(at, zone))


def hello(reader: Subscriber | None, joined: Joined) -> str:
    """How the reader is greeted; "" where the name is not known."""
    if reader is None or not reader.name:
        return ""
    return joined.hello % {"name": headers.one_line(reader.name)}


def _in_html(links: dict[str, str], greeting: str) -> dict[str, bytes]:
    """The merge fields of a reader, encoded. An address brings its attribute along; none has a
    character that HTML would want escaped."""
    fields = {name: encoding.indented(f'href="{address}') for name, address in links.items()}
    fields["greeting"] = encoding.block(escape(f"{greeting} ")) if greeting else b""
    return fields


def _in_text(links: dict[str, str], greeting: str) -> dict[str, bytes]:
    fields = {name: encoding.block(address) for name, address in links.items()}
    fields["greeting"] = encoding.block("\r\n".join([*wrap(greeting), ""])) if greeting else b""
    return fields
