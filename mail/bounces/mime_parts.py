"""The MIME parts of a mail of unknown origin, parsed within limits."""

from __future__ import annotations

import email
import itertools
from collections.abc import Iterator
from email.message import Message
from email.policy import Compat32, Policy

from mail.messages.headers import one_line

MAX_BYTES = 512 * 1024  # what is behind is not read: reports stand at the front (RFC 6522)
MAX_PARTS = 100  # so deep can it be nested at most, too
MAX_LINES = 5000
MAX_PARSER_WORK = 200_000  # lines times parts: the parser shows each line to each part that is open
_MAX_FIELD_LENGTH = 2000
_MAX_TEXT_BYTES = 64 * 1024


class TooManyParts(Exception):
    """The mail has more parts than any report."""


class _TruncatedFields(Compat32):
    """Python's old policy for headers, which does not interpret their values: the newer one can be
    made to fail by them. Of each field at most _MAX_FIELD_LENGTH characters are kept: looking for
    the parameters of a longer one takes seconds."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_FIELD_LENGTH]


_POLICY = _TruncatedFields()


def parse(data: bytes) -> Message:
    """Parse the beginning of a mail: MAX_BYTES and MAX_LINES of it. Raises TooManyParts as soon as
    the parser begins one too many; anything else becomes some message."""
    lines = data[:MAX_BYTES].splitlines(keepends=True)[:MAX_LINES]
    max_parts = min(MAX_PARTS, MAX_PARSER_WORK // max(len(lines), 1))
    counted = itertools.count()  # the parser makes one more, to see whether it can

    def part(policy: Policy[Message] = _POLICY) -> Message:
        if next(counted) > max_parts:
            raise TooManyParts
        return Message(policy)

    return email.message_from_bytes(b"".join(lines), _class=part, policy=_POLICY)


def parts_of(message: Message, *kinds: str) -> Iterator[Message]:
    """Yield the parts of these content types, without those inside of the returned message."""
    if message.get_content_type() in kinds:
        yield message
    elif message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in _children(message):
            yield from parts_of(part, *kinds)


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if payload else []


def field(message: Message, name: str) -> str:
    """Return the first header field of that name on one line, at most _MAX_FIELD_LENGTH
    characters; "" where there is none."""
    return one_line(str(message.get(name, ""))[:_MAX_FIELD_LENGTH])


def text_of(part: Message) -> str:
    """Return the text of a part, or of its first part, whatever its encoding claims to be."""
    while part.is_multipart():
        children = _children(part)
        if not children:
            return ""
        part = children[0]
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(payload or "").encode("utf-8", "replace")
    try:
        return data[:_MAX_TEXT_BYTES].decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return data[:_MAX_TEXT_BYTES].decode("utf-8", "replace")


def blocks_of(part: Message) -> list[Message]:
    """Return the groups of fields of a report's part (RFC 3464, section 2.1; RFC 5965, section 3),
    whether it was parsed as a message, as several or as text."""
    if part.is_multipart():
        blocks = _children(part)
        rest = [text_of(block) for block in blocks if not block.is_multipart()]
        return [*blocks, *_groups("\n\n".join(rest))]
    return _groups(text_of(part))


def _groups(text: str) -> list[Message]:
    groups = text.replace("\r\n", "\n").split("\n\n")
    return [email.message_from_string(group) for group in groups[:MAX_PARTS] if group.strip()]


def returned_message(message: Message) -> Message | None:
    """Return the returned message, or its header, where it was enclosed."""
    for part in parts_of(message, "message/rfc822", "message/global"):
        children = _children(part) if part.is_multipart() else []
        return children[0] if children else email.message_from_string(text_of(part))
    for part in parts_of(message, "text/rfc822-headers", "message/rfc822-headers"):
        return blocks_of(part)[0] if blocks_of(part) else None
    return None
