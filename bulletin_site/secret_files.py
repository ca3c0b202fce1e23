"""Secrets that the site makes for itself, each kept in a file that only its owner can read."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from functools import partial
from pathlib import Path
from typing import cast

from django.utils.functional import SimpleLazyObject


def secret_in(path: Path, *, size: int = 48) -> str:
    """Return the secret kept at `path`; it is made at random on first use, and its folder, too.

    Several processes may start at once: the file appears whole or not at all, and the first wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # mode 0600
            draft.write(secrets.token_urlsafe(size))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(draft.name)
    return path.read_text()


def lazy_secret(path: Path) -> str:
    """Return the secret kept at `path` as a string that is read, or made, when it is first used."""
    return cast("str", SimpleLazyObject(partial(secret_in, path)))
