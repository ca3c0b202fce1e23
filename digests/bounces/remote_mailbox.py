"""A mailbox on another machine, read by IMAP (RFC 3501) or POP3 (RFC 1939) with TLS."""

from __future__ import annotations

import contextlib
import imaplib
import poplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from mail.bounces import MAX_BYTES

_TIMEOUT_SECONDS = 30.0  # for each response of the server
_MAX_LINES = 4000  # of a mail that is larger than MOST_BYTES

Skip = Callable[[str], None]


class CannotFetch(Exception):
    """The mailbox could not be opened or read to its end; says why, without the password."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in a mailbox: its name there, its bytes, and what puts it away when its feedback is
    recorded; until that is called it stays where it is."""

    name: str
    data: bytes
    put_away: Callable[[], object]


@contextlib.contextmanager
def opened(url: str, *, skip: Skip) -> Iterator[Iterator[Mail]]:
    """Open the mailbox at `url` for its new mails, each cut after about MOST_BYTES.

    `imaps://user:password@host/folder` marks as seen and `pops://user:password@host` deletes
    what was put away. A mail that the server does not give is skipped by its name. Raises
    CannotFetch.
    """
    place = urlsplit(url)
    read = _by_imap if place.scheme == "imaps" else _by_pop
    try:
        with read(place, skip) as mails:
            yield mails
    except (OSError, imaplib.IMAP4.error, poplib.error_proto) as error:
        raise CannotFetch(f"{place.hostname}: {error}") from error


@contextlib.contextmanager
def _by_imap(place: SplitResult, skip: Skip) -> Iterator[Iterator[Mail]]:
    context = ssl.create_default_context()
    with imaplib.IMAP4_SSL(
        place.hostname or "", place.port or 993, ssl_context=context, timeout=_TIMEOUT_SECONDS
    ) as server:
        server.login(*_credentials(place))
        _done(server.select(f'"{unquote(place.path[1:]) or "INBOX"}"'))
        yield _unseen(server, skip)


def _unseen(server: imaplib.IMAP4, skip: Skip) -> Iterator[Mail]:
    found = _done(server.uid("SEARCH", "UNSEEN"))[0] or b""
    for uid in found.decode().split():
        kind, parts = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
        if kind != "OK":
            skip(uid)
        elif isinstance(parts[0], tuple):  # it may have been deleted meanwhile
            yield Mail(uid, parts[0][1], partial(_mark_seen, server, uid))


def _mark_seen(server: imaplib.IMAP4, uid: str) -> None:
    _done(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(data))
    return data


@contextlib.contextmanager
def _by_pop(place: SplitResult, skip: Skip) -> Iterator[Iterator[Mail]]:
    context = ssl.create_default_context()
    server = poplib.POP3_SSL(
        place.hostname or "", place.port or 995, context=context, timeout=_TIMEOUT_SECONDS
    )
    with contextlib.closing(server):
        user, password = _credentials(place)
        server.user(user)
        server.pass_(password)
        try:
            yield _listed(server, skip)
        finally:
            server.quit()  # only now is anything deleted


def _listed(server: poplib.POP3, skip: Skip) -> Iterator[Mail]:
    for line in server.list()[1]:
        number, size = map(int, line.split()[:2])
        data = _popped(server, number, large=size > MAX_BYTES)
        if data is None:
            skip(str(number))
        else:
            yield Mail(str(number), data, partial(server.dele, number))


def _popped(server: poplib.POP3, number: int, *, large: bool) -> bytes | None:
    """The mail of that number; None where the server does not give it."""
    try:
        lines = server.top(number, _MAX_LINES)[1] if large else server.retr(number)[1]
    except poplib.error_proto:
        server.noop()  # raises where it was not about this mail
        return None
    return b"\r\n".join(lines)[:MAX_BYTES]


def _credentials(place: SplitResult) -> tuple[str, str]:
    return unquote(place.username or ""), unquote(place.password or "")
