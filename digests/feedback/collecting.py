"""Fetching what came back from where a mail server keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from digests.feedback import mailbox, maildir
from digests.feedback.receiving import Receipt, receive


def collect(url: str, *, clock: Callable[[], datetime]) -> Counter[Receipt]:
    """Receive every new mail at `url`; how many became what.

    `maildir:///path`, `imaps://user:password@host/folder` or `pops://user:password@host`. A
    mail is put away only when it stands in the ledger; what was cut short is collected again.
    Raises `mailbox.CannotFetch`, NotADirectoryError, and the database's errors.
    """
    receipts: Counter[Receipt] = Counter()
    with closing(_mails(url)) as mails:
        for data in mails:
            receipts[receive(data, at=clock())] += 1
    return receipts


def _mails(url: str) -> Generator[bytes, None, None]:
    place = urlsplit(url)
    if place.scheme == "maildir":
        return maildir.new_mails(Path(unquote(place.path)))
    return mailbox.new_mails(url)
