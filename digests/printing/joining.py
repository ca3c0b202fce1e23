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
from digests.models import Delivery, Digest
from digests.models.edition import watched_articles
from digests.printing.addressees import Addressee
from digests.printing.editions import Blocks, Joined
from digests.printing.setting import LINKS
from digests.printing.tokens import DELIVERY, edition_stamp, mailing_key
from subscribers import letterhead
from subscribers.links import LEAVING, Purpose, stamp
from subscribers.models import Subscriber
from subscribers.models.subscriber import zone_called

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
        """The message of a delivery whose edition and subscriber are loaded, as `message_to`."""
        return self.message_to(Addressee.of(delivery), at=at)

    def message_to(self, addressee: Addressee, *, at: datetime) -> Message:
        """The message of a delivery, dated `at`.

        Its reader must be there. No query. The first message of an edition joins its blocks
        (about 0.3 ms); each further one fills in the merge fields (about 25 µs), and copies
        nothing of what the edition's readers share.
        """
        if addressee.reader is None:
            raise ValueError(f"delivery {addressee.delivery} has no subscriber")
        joined = self._joined(addressee)
        links, greeting = self._links(addressee), hello(addressee.name, joined)
        recipient = headers.ascii_domain(addressee.address)
        fields = [
            *self._shared_headers,
            joined.subject_field,
            headers.mailbox("To", recipient, called=addressee.name),
            _date(at.replace(microsecond=0), zone=zone_called(addressee.time_zone)),
            headers.message_id(f"{self._mailing}.{addressee.delivery}", domain=self._domain),
            *self._answering(addressee),
            *headers.one_click(links["leave"], address=_leaving(addressee.reader)),
            headers.link("List-Help", links["preferences"]),
        ]
        text = joined.text.filled(_in_text(links, greeting))
        if addressee.format == Subscriber.Format.TEXT:
            pieces = plain(fields, text=text)
        else:
            html = joined.html.filled(_in_html(links, greeting))
            pieces = alternative(fields, text=text, html=html)
        sender = letterhead.envelope_sender(self._bulletin, Key(DELIVERY, addressee.delivery))
        return Message(sender=sender, recipient=recipient, pieces=pieces)

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
        pieces = alternative(
            fields,
            text=joined.text.filled(_in_text(links, "")),
            html=joined.html.filled(_in_html(links, "")),
        )
        sender = letterhead.envelope_sender(self._bulletin)
        return Message(sender=sender, recipient=recipient, pieces=pieces)

    def whole(self, language: str) -> Joined:
        """The edition of all sections in `language`: the heaviest that there can be."""
        return self._blocks[language].joined(selection=(1 << len(self._digest.topics)) - 1)

    def page(self, delivery: Delivery) -> str:
        """The HTML of the same mail, for a browser; also for a reader whose row is gone."""
        addressee = Addressee.of(delivery)
        joined = self._joined(addressee)
        fields = _in_html(self._links(addressee), hello(addressee.name, joined))
        return encoding.decoded(joined.html.filled(fields))

    def _joined(self, addressee: Addressee) -> Joined:
        key = (addressee.language, addressee.selection, addressee.watched)
        if key not in self._editions:
            if len(self._editions) >= _KEPT:
                self._editions.pop(next(iter(self._editions)))
            language, selection, watched = key
            self._editions[key] = self._blocks[language].joined(
                selection=selection, watched=watched_articles(watched)
            )
        return self._editions[key]

    def _links(self, addressee: Addressee) -> dict[str, str]:
        """The addresses that only this reader gets: what `digests.printing.setting.LINKS` names."""
        view, of_readers = self._stamps
        reader = addressee.reader
        if reader is None:  # the row is gone
            links = _all_to(absolute("subscribers:sign_up", self._bulletin.slug))
        else:
            links = {name: one.address(reader) for name, one in of_readers.items()}
        links["view"] = view.address(addressee.delivery)
        return links

    @cached_property
    def _mailing(self) -> str:
        return mailing_key(self._digest)

    @cached_property
    def _corrected_mailing(self) -> str:
        return mailing_key(Digest.objects.only("opened_at").get(corrections=self._digest))

    def _answering(self, addressee: Addressee) -> list[str]:
        """What puts a correction beside the mail that it corrects."""
        if addressee.corrects is None:
            return []
        corrected = f"{self._corrected_mailing}.{addressee.corrects}"
        return headers.answer_to(corrected, domain=self._domain)

    @cached_property
    def _domain(self) -> str:
        return letterhead.domain()

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


def _leaving(reader: int) -> str:
    """The address to which this reader can write to leave; "" where nobody reads it."""
    return return_path.address(Key(LEAVING, reader))


def _all_to(page: str) -> dict[str, str]:
    """The links of nobody: all lead to one page, also the one to which a topic is added."""
    return dict.fromkeys(LINKS, page) | {"stop": f"{page}#"}


@lru_cache(maxsize=256)
def _date(at: datetime, *, zone: tzinfo | None = None) -> str:
    return headers.date(timezone.localtime(at, zone))


def hello(name: str, joined: Joined) -> str:
    """How a reader of that name is greeted; "" where it is not known."""
    return joined.hello % {"name": headers.one_line(name)} if name else ""


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
