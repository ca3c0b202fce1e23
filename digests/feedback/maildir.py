"""A Maildir into which a mail server delivers what comes back (cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path

from bulletin_site.mail.returned import MOST_BYTES


def new_mails(maildir: Path) -> Generator[bytes, None, None]:
    """The new mails, oldest first, each cut after MOST_BYTES.

    When the next one is asked for, the last one was dealt with: it goes from `new` to `cur` as
    seen. Whoever stops asking leaves it where it is. Raises NotADirectoryError.
    """
    new, seen = maildir / "new", maildir / "cur"
    if not (new.is_dir() and seen.is_dir()):
        raise NotADirectoryError(f"{maildir} is no Maildir")
    for path in sorted(new.iterdir(), key=lambda path: path.name):
        with contextlib.suppress(FileNotFoundError):  # another process took it
            with path.open("rb") as file:
                data = file.read(MOST_BYTES)
            yield data
            path.rename(seen / f"{path.name}:2,S")
