"""The merge fields of a reader: all that differs between two mails of one edition, in one table.

What else of a reader a mail is to show is a line in `Recipient`, which says from which column it
is read, and a line in `WORDS`; then `{{ fields.NAME }}` stands for it in the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from html import escape
from operator import attrgetter
from typing import Annotated, Any, Final, NamedTuple, Self, get_type_hints

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from digests.models import Delivery
from digests.rendering.delivery_tokens import EDITION
from foundation.masking import masked
from foundation.time_zones import zone_called
from issues import issue_dates
from mail.messages import encoding, headers
from mail.messages.idn import readable
from mail.messages.text_wrapping import wrap
from subscribers.links import READER


class Recipient(NamedTuple):
    """A delivery, its edition, and who gets it, each value with the column that it is read from.

    `reader` and all that is theirs is None where the reader's row is gone. In a correction,
    `corrects` is the delivery that it corrects. `since` is a day in words where SQLite says it.

    A tuple, because a model for each of three tables costs more than rendering the mail.
    """

    delivery: Annotated[int, "pk"]
    language: Annotated[str, "edition__language"]
    topic_mask: Annotated[int, "edition__topic_mask"]
    issue_mask: Annotated[int, "edition__issue_mask"]
    alert_articles: Annotated[str, "edition__alert_articles"]
    alert_keywords: Annotated[str, "edition__alert_keywords"]
    reader: Annotated[int | None, "subscriber_id"]
    address: Annotated[str, "subscriber__address"]
    name: Annotated[str, "subscriber__name"]
    format: Annotated[str, "subscriber__format"]
    time_zone: Annotated[str, "subscriber__time_zone"]
    link_key: Annotated[int, "subscriber__link_key"]
    length: Annotated[str, "subscriber__length"]
    since: Annotated[date | str | None, "first_day"]
    skip_reason: Annotated[str, "skip_reason"] = ""
    corrects: Annotated[int | None, "corrects"] = None

    @property
    def edition(self) -> tuple[object, ...]:
        """The key of the edition within its digest."""
        return (
            self.language,
            self.topic_mask,
            self.issue_mask,
            self.alert_articles,
            self.alert_keywords,
        )

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Return the recipient of a delivery whose edition and subscriber are loaded."""
        if delivery.edition is None:
            raise ValueError("an excluded reader gets no mail")
        if delivery.subscriber is None:
            return cls._make(_of_nobody(delivery))
        return cls._make(_of_reader(delivery))


# As `values_list` of deliveries `with_skip_reason` takes them.
COLUMNS: Final[tuple[str, ...]] = tuple(
    hint.__metadata__[0] for hint in get_type_hints(Recipient, include_extras=True).values()
)
_PATHS: Final = tuple(column.replace("__", ".") for column in COLUMNS)
_of_reader = attrgetter(*_PATHS)


def _of_nobody(delivery: Delivery) -> Iterator[Any]:
    return (
        None if path.startswith("subscriber") else attrgetter(path)(delivery) for path in _PATHS
    )


@lru_cache(maxsize=256)
def _date(second: int, time_zone: str) -> bytes:
    return headers.date(datetime.fromtimestamp(second, zone_called(time_zone))).encode()


class Said(NamedTuple):
    """The words of a language for a reader: `hello` greets them by %(name)s, `since` says from
    which %(day)s on they read, and `sent` to which %(mailbox)s the mail went."""

    language: str
    hello: str
    since: str
    sent: str


@lru_cache(maxsize=16)
def said_in(language: str) -> Said:
    """Return the words of a language."""
    with translation.override(language):
        return Said(
            language,
            gettext("Hello %(name)s!"),
            gettext("You have been reading it since %(day)s."),
            gettext("This email was sent to %(mailbox)s."),
        )


class Encoded(NamedTuple):
    """Words in HTML and in plain text, encoded for the wire."""

    html: bytes = b""
    text: bytes = b""

    @classmethod
    def of(cls, words: str) -> Self:
        """Return words encoded."""
        in_text, escaped = encoding.block(words), escape(words)
        return cls(in_text if escaped == words else encoding.block(escaped), in_text)


_NOTHING: Final = Encoded()


def _greeting(recipient: Recipient, said: Said) -> Encoded:
    if not recipient.name:
        return _NOTHING
    words = said.hello % {"name": headers.one_line(recipient.name)}
    return Encoded.of("\r\n".join([*wrap(words), ""]))


def _sent(recipient: Recipient, said: Said) -> Encoded:
    """Return since when they read, and to which address the mail went, so far as a friend to whom
    it is forwarded may know it."""
    name, _, domain = recipient.address.rpartition("@")
    return _sent_to(name[:1], domain, recipient.since, said.language)


# Readers of one provider share these words but for their first letters: 14 instead of 21 µs a mail.
@lru_cache(maxsize=20_000)
def _sent_to(first: str, domain: str, since: date | str | None, language: str) -> Encoded:
    said = said_in(language)
    sent = said.sent % {"mailbox": masked(readable(f"{first}@{domain}"))}
    if since is None:
        return Encoded.of(sent)
    day = date.fromisoformat(since) if isinstance(since, str) else since
    return Encoded.of(f"{_since(day, said)}\r\n{sent}")


@lru_cache(maxsize=10_000)
def _since(day: date, said: Said) -> str:
    with translation.override(said.language):
        return said.since % {"day": date_format(day, issue_dates.day_format())}


# The placeholders of the header (`digests.rendering.digest_headers`).
TO, DATE, DELIVERY, CORRECTED = "to", "date", "delivery", "corrected"
TOKEN, LEAVING = "token", "leaving"
HEADER: Final = (TO, DATE, DELIVERY, CORRECTED, TOKEN, LEAVING)


class LinkField(NamedTuple):
    """A link of the reader's own: its name in the templates, the page, and the use of the token
    that it ends in, which names the placeholder."""

    name: str
    page: str
    token: str


LINKS: Final = (
    LinkField("view", "digests:edition", EDITION),
    LinkField("preferences", "subscribers:preferences", READER),
    LinkField("pause", "subscribers:pause", READER),
    LinkField("stop", "subscribers:stop", READER),
    LinkField("follow", "subscribers:follow", READER),
    LinkField("leave", "subscribers:leave", READER),
)


class WordsField(NamedTuple):
    """Words of the reader's own: their name in the templates, and the words for a recipient in
    their language."""

    name: str
    words: Callable[[Recipient, Said], Encoded]

    @property
    def html(self) -> str:
        """The name of the placeholder in the HTML."""
        return f"html {self.name}"

    @property
    def text(self) -> str:
        """The name of the placeholder in the plain text."""
        return f"text {self.name}"


WORDS: Final = (WordsField("greeting", _greeting), WordsField("sent", _sent))

# What a template may call `fields.NAME`.
NAMES: Final = (*(words.name for words in WORDS), *(link.name for link in LINKS))
_WORDS: Final = tuple((field.html, field.text, field.words) for field in WORDS)


def merge_values(
    recipient: Recipient,
    *,
    to: str,
    second: int,
    reader_token: bytes,
    edition_token: bytes,
    leaving: str,
    said: Said,
    corrected: str = "",
) -> dict[str, bytes]:
    """Return all merge fields of a mail, encoded for the wire: `to` the address in ASCII, dated
    `second`, with the tokens of its links, the address to write to for `leaving`, and the key of
    the mail that is `corrected`."""
    values = {
        TO: headers.mailbox("To", to, display_name=recipient.name).encode(),
        DATE: _date(second, recipient.time_zone),
        DELIVERY: b"%d" % recipient.delivery,
        CORRECTED: corrected.encode(),
        TOKEN: reader_token,
        LEAVING: leaving.encode(),
        READER: encoding.line(reader_token),
        EDITION: encoding.line(edition_token),
    }
    for html, text, words in _WORDS:
        values[html], values[text] = words(recipient, said)
    return values


def readers_words(recipient: Recipient, said: Said) -> dict[str, bytes]:
    """Return the merge fields of words for a reader, in their language."""
    return {
        name: encoded
        for field in WORDS
        for name, encoded in zip(
            (field.html, field.text), field.words(recipient, said), strict=True
        )
    }


def nobodys_words() -> dict[str, bytes]:
    """Return the merge fields of words for a mail that is shown to whom it may concern."""
    return {name: b"" for field in WORDS for name in (field.html, field.text)}
