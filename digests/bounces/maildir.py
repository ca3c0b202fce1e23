"""A Maildir into which a mail server delivers what comes back (cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

from digests.bounces.remote_mailbox import CannotFetch, Mail
from mail.bounces import MAX_BYTES


def new_mails(maildir: Path, *, skip: Callable[[str], None]) -> Generator[Mail, None, None]:
    """Yield the new mails, oldest first, each cut after MOST_BYTES; what was put away goes from
    `new` to `cur` as seen.

    An entry that cannot be opened or moved, such as a folder, is skipped by its name.
    Raises CannotFetch where there is no Maildir.
    """
    new, seen = maildir / "new", maildir / "cur"
    try:
        names = sorted(path.name for path in new.iterdir())
        next(seen.iterdir(), None)
    except OSError as error:
        raise CannotFetch(f"{maildir} is no Maildir: {error.strerror}") from error
    for name in names:
        try:
            data = _read(new / name)
        except FileNotFoundError:
            continue  # another process took it
        except OSError:
            skip(name)
            continue
        yield Mail(name, data, partial(_put_away, new / name, seen, skip))


def _read(path: Path) -> bytes:
    """The beginning of a file. Raises OSError where it is none, without waiting: opening a pipe
    that nobody writes to would take for ever."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return file.read(MAX_BYTES)


def _put_away(path: Path, seen: Path, skip: Callable[[str], None]) -> None:
    try:
        path.rename(seen / f"{path.name}:2,S")
    except FileNotFoundError:
        return  # another process did so
    except OSError:
        skip(path.name)
