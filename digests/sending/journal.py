"""The journal of a claim: what its worker did, written down before it goes on.

One file for each claim, under DATA_DIR/journals, held by `flock` as long as the worker lives,
so that its death shows at once, whatever killed it. Each start is a line before the end of the
message goes out, each outcome is a line before anything else is done about it. What was written
stays when the process is killed; it may be lost when the machine is (it is not synced), which
the first line tells: it names the machine's start.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from mail.delivery import Accepted, Deferred, Outcome, Rejected, ServerUnreachable, Uncertain

_BEGUN = "Begun"
_BOOT = Path("/proc/sys/kernel/random/boot_id")  # Linux; elsewhere a power cut is not noticed
_KINDS = {
    kind.__name__: kind for kind in (Accepted, ServerUnreachable, Rejected, Deferred, Uncertain)
}


class Journal:
    """The open journal of the claim `name`."""

    def __init__(self, name: str) -> None:
        self._path = _folder() / name
        # Nobody may see it before it is locked.
        draft = self._path.with_name(f".{name}")
        self._file = os.open(draft, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._write(_first_line())
        draft.rename(self._path)

    def record(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        """Write down outcomes and starts, by the ids of deliveries. One system call. Raises OSError
        where not all of it could be written."""
        lines = [
            f"{type(outcome).__name__} {pk} {outcome.code} {outcome.text}\n"
            for pk, outcome in settled
        ]
        lines += [f"{_BEGUN} {pk}\n" for pk in begun]
        self._write("".join(lines))

    def _write(self, lines: str) -> None:
        data = lines.encode()
        if os.write(self._file, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Delete it: everything in it is in the database."""
        self._path.unlink(missing_ok=True)
        self.abandon()

    def abandon(self) -> None:
        """Unlock it for `recover` to find, as a worker's death does."""
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a journal: the outcomes, the ids of the deliveries that were begun and have
    none, and whether it is `whole`. Where it is not, more may have been begun than it says."""

    settled: list[tuple[int, Outcome]]
    unanswered: list[int]
    whole: bool


def names() -> list[str]:
    """Return the names of the journals on this machine, of dead workers and living ones."""
    return [path.name for path in _folder().iterdir() if not path.name.startswith(".")]


@contextmanager
def take_over(name: str) -> Iterator[Records | None]:
    """Lock the journal of a dead worker, yield its records, and delete it when the context ends
    well. Yields None while the worker lives, or when somebody else takes the journal over."""
    try:
        with (_folder() / name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not (_folder() / name).exists():
                yield None
                return
            yield _records(file.read())
            (_folder() / name).unlink()
    except (BlockingIOError, FileNotFoundError):
        yield None


def _records(written: bytes) -> Records:
    *lines, _torn = written.decode("utf-8", "replace").split("\n")
    whole = bool(lines) and f"{lines[0]}\n" == _first_line()
    begun: set[int] = set()
    settled: dict[int, Outcome] = {}
    for line in lines[1:]:
        try:
            kind, pk, *rest = line.split(" ", 3)
            if kind == _BEGUN:
                begun.add(int(pk))
                settled.pop(int(pk), None)
            else:
                settled[int(pk)] = _KINDS[kind](rest[1], int(rest[0]))
        except (ValueError, LookupError):
            whole = False
    return Records(list(settled.items()), sorted(begun - settled.keys()), whole)


@cache
def _first_line() -> str:
    """Return what a journal of this start of the machine begins with."""
    return f"Boot {_BOOT.read_text().strip() if _BOOT.exists() else ''}\n"


def _folder() -> Path:
    folder = Path(settings.DATA_DIR, "journals")
    folder.mkdir(exist_ok=True)
    return folder
