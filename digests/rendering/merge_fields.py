"""The merge fields of a reader: all that differs between two mails of one edition, in one table.

What else of a reader a mail is to show is a line in `Recipient`, which says from which column it
is read, and a line in `WORDS`; then `{{ fields.NAME }}` stands for it in the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from html import escape
from operator import attrgetter
from typing import Annotated, Any, Final, NamedTuple, Self, get_type_hints

from digests.models import Delivery
from digests.rendering.delivery_tokens import EDITION
from foundation.time_zones import zone_called
from mail.messages import encoding, headers
from mail.messages.text_wrapping import wrap
from subscribers.links import READER


class Recipient(NamedTuple):
    """A delivery, its edition, and who gets it, each value with the column that it is read from.

    `reader` and all that is theirs is None where the reader's row is gone. In a correction,
    `corrects` is the delivery that it corrects.

    A tuple, because a model for each of three tables costs more than rendering the mail.
    """

    delivery: Annotated[int, "pk"]
    language: Annotated[str, "edition__language"]
    topic_mask: Annotated[int, "edition__topic_mask"]
    alert_articles: Annotated[str, "edition__alert_articles"]
    reader: Annotated[int | None, "subscriber_id"]
    address: Annotated[str, "subscriber__address"]
    name: Annotated[str, "subscriber__name"]
    format: Annotated[str, "subscriber__format"]
    time_zone: Annotated[str, "subscriber__time_zone"]
    link_key: Annotated[int, "subscriber__link_key"]
    skip_reason: Annotated[str, "skip_reason"] = ""
    corrects: Annotated[int | None, "corrects"] = None

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


def _greeting(recipient: Recipient, hello: str) -> str:
    if not recipient.name:
        return ""
    words = hello % {"name": headers.one_line(recipient.name)}
    return "\r\n".join([*wrap(words), ""])


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
    LinkField("leave", "subscribers:leave", READER),
)


class WordsField(NamedTuple):
    """Words of the reader's own: their name in the templates, and the words for a recipient and
    what greets readers of their language (with %(name)s), "" for none."""

    name: str
    words: Callable[[Recipient, str], str]

    @property
    def html(self) -> str:
        """The name of the placeholder in the HTML."""
        return f"html {self.name}"

    @property
    def text(self) -> str:
        """The name of the placeholder in the plain text."""
        return f"text {self.name}"


WORDS: Final = (WordsField("greeting", _greeting),)

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
    hello: str,
) -> dict[str, bytes]:
    """Return all merge fields of a mail, encoded for the wire: `to` the address in ASCII, dated
    `second`, with the tokens of its links and the address to write to for `leaving`."""
    values = {
        TO: headers.mailbox("To", to, display_name=recipient.name).encode(),
        DATE: _date(second, recipient.time_zone),
        DELIVERY: b"%d" % recipient.delivery,
        CORRECTED: b"%d" % (recipient.corrects or 0),
        TOKEN: reader_token,
        LEAVING: leaving.encode(),
        READER: encoding.line(reader_token),
        EDITION: encoding.line(edition_token),
    }
    for html, text, words in _WORDS:
        values[html], values[text] = _encoded(words(recipient, hello))
    return values


def readers_words(recipient: Recipient, hello: str) -> dict[str, bytes]:
    """Return the merge fields of words for a reader, who is greeted by `hello`."""
    return {
        name: encoded
        for field in WORDS
        for name, encoded in zip(
            (field.html, field.text), _encoded(field.words(recipient, hello)), strict=True
        )
    }


def nobodys_words() -> dict[str, bytes]:
    """Return the merge fields of words for a mail that is shown to whom it may concern."""
    return {name: b"" for field in WORDS for name in (field.html, field.text)}


def _encoded(words: str) -> tuple[bytes, bytes]:
    """The words in HTML and in plain text."""
    if not words:
        return b"", b""
    in_text, escaped = encoding.block(words), escape(words)
    return in_text if escaped == words else encoding.block(escaped), in_text
