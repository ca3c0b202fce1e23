"""Collecting feedback from a mailbox, where a mail server keeps it."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError, DataError, transaction

from digests.bounces import maildir, remote_mailbox
from digests.bounces.receiving import Receipt, receive_read
from digests.bounces.remote_mailbox import Mail
from mail import bounces
from mail.bounces import BounceEvent

logger = logging.getLogger(__name__)

SECONDS = 2.0  # of one visit: the worker that makes it has readers' confirmations to mail, too
_MAILS_AT_ONCE = 100  # mails that are written down in one transaction
_MAX_NAMES = 10  # of mails in one line of the log


@dataclass(slots=True)
class Visit:
    """The numbers of mails that have each receipt, which were skipped, and whether there may be
    more."""

    receipts: Counter[Receipt] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    more: bool = False


def collect(url: str, *, clock: Callable[[], datetime], seconds: float = SECONDS) -> Visit:
    """Receive new mails at `url` for about so many `seconds`.

    `maildir:///path`, `imaps://user:password@host/folder` or `pops://user:password@host`. A
    mail is put away only when its feedback is recorded; what was cut short is collected again. A
    mail that cannot be fetched or recorded is skipped, and stays where it is. Raises
    `remote_mailbox.CannotFetch`, and the database's errors that are not about one mail.
    """
    visit, until = Visit(), time.monotonic() + seconds
    try:
        with _opened(url, visit.skipped.append) as mails:
            while batch := list(_read(islice(mails, _MAILS_AT_ONCE), until)):
                _receive(batch, visit, at=clock())
                if time.monotonic() > until:
                    visit.more = True
                    break
    finally:
        if skipped := visit.skipped:
            some = ", ".join(map(ascii, skipped[:_MAX_NAMES]))
            logger.warning("%s mails could not be taken, among them %s", len(skipped), some)
    return visit


def _opened(url: str, skip: Callable[[str], None]) -> AbstractContextManager[Iterator[Mail]]:
    place = urlsplit(url)
    if place.scheme == "maildir":
        return closing(maildir.new_mails(Path(unquote(place.path)), skip=skip))
    return remote_mailbox.opened(url, skip=skip)


def _read(mails: Iterable[Mail], until: float) -> Iterator[tuple[Mail, BounceEvent | None]]:
    """The mails with what they mean, as long as there is time."""
    for mail in mails:
        yield mail, bounces.read(mail.data)
        if time.monotonic() > until:
            return


def _receive(batch: list[tuple[Mail, BounceEvent | None]], visit: Visit, *, at: datetime) -> None:
    """Record a batch of mails in one transaction, and put away what is recorded."""
    done = []
    with transaction.atomic():
        for mail, found in batch:
            try:
                with transaction.atomic():
                    receipt = receive_read(found, at=at, name=mail.name)
            except DataError:
                visit.skipped.append(mail.name)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("mail %a cannot be recorded", mail.name)
                visit.skipped.append(mail.name)
            else:
                done.append((mail, receipt))
    for mail, receipt in done:
        mail.put_away()
        visit.receipts[receipt] += 1
