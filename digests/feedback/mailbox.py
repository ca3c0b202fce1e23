"""A mailbox on another machine, read by IMAP (RFC 3501) or POP3 (RFC 1939) with TLS."""

from __future__ import annotations

import contextlib
import imaplib
import poplib
import ssl
from collections.abc import Generator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from bulletin_site.mail.returned import MOST_BYTES

MOST_MAILS = 1000  # of one visit; the rest waits for the next
_PATIENCE = 30.0  # seconds for each answer of the server
_LINES = 4000  # of a mail that is larger than MOST_BYTES


class CannotFetch(Exception):
    """The mailbox could not be opened or read to its end; says why, without the password."""


def new_mails(url: str) -> Generator[bytes, None, None]:
    """The new mails of the mailbox at `url`, each cut after about MOST_BYTES.

    `imaps://user:password@host/folder` marks as seen and `pops://user:password@host` deletes
    what was dealt with, which is when the next mail is asked for. Raises CannotFetch.
    """
    place = urlsplit(url)
    try:
        yield from _by_imap(place) if place.scheme == "imaps" else _by_pop(place)
    except (OSError, imaplib.IMAP4.error, poplib.error_proto) as error:
        raise CannotFetch(f"{place.hostname}: {error}") from error


def _by_imap(place: SplitResult) -> Generator[bytes, None, None]:
    context = ssl.create_default_context()
    with imaplib.IMAP4_SSL(
        place.hostname or "", place.port or 993, ssl_context=context, timeout=_PATIENCE
    ) as server:
        server.login(*_credentials(place))
        _done(server.select(f'"{unquote(place.path[1:]) or "INBOX"}"'))
        found = _done(server.uid("SEARCH", "UNSEEN"))[0] or b""
        for uid in found.decode().split()[:MOST_MAILS]:
            parts = _done(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
            if isinstance(parts[0], tuple):  # it may have been deleted meanwhile
                yield parts[0][1]
            _done(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(data))
    return data


def _by_pop(place: SplitResult) -> Generator[bytes, None, None]:
    context = ssl.create_default_context()
    server = poplib.POP3_SSL(
        place.hostname or "", place.port or 995, context=context, timeout=_PATIENCE
    )
    with contextlib.closing(server):
        user, password = _credentials(place)
        server.user(user)
        server.pass_(password)
        for line in server.list()[1][:MOST_MAILS]:
            number, size = map(int, line.split()[:2])
            large = size > MOST_BYTES
            lines = server.top(number, _LINES)[1] if large else server.retr(number)[1]
            yield b"\r\n".join(lines)[:MOST_BYTES]
            server.dele(number)
        server.quit()  # only now is anything deleted


def _credentials(place: SplitResult) -> tuple[str, str]:
    return unquote(place.username or ""), unquote(place.password or "")
