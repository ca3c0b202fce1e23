"""Hashing of passwords, bounded: it takes a core for half a second, and pages are to have it."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.contrib.auth.hashers import PBKDF2PasswordHasher

WAIT_SECONDS = 5.0

# Of a process's four threads (gunicorn.conf.py) one hashes, one waits, and two have pages.
_WAITING = BoundedSemaphore(2)
_AT_WORK = BoundedSemaphore(1)


class TooManyAtOnce(Exception):
    """This process has more passwords to hash than it takes on; soon again."""


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's hasher, one password at a time in each process. One more waits for its turn; who
    comes then is refused at once, because each waiting thread is one fewer for the pages."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash. Raises TooManyAtOnce."""
        if not _WAITING.acquire(blocking=False):
            raise TooManyAtOnce
        try:
            if not _AT_WORK.acquire(timeout=WAIT_SECONDS):
                raise TooManyAtOnce
            try:
                return str(super().encode(password, salt, iterations))
            finally:
                _AT_WORK.release()
        finally:
            _WAITING.release()


def ensure_room() -> None:
    """Raise TooManyAtOnce where a password that is hashed now would be refused: before a guess is
    counted that would not be looked at."""
    if not _WAITING.acquire(blocking=False):
        raise TooManyAtOnce
    _WAITING.release()
