"""The figures of a mailing in a list, as its own row tells them: no query."""

from __future__ import annotations

from digests import progress_sentences
from digests.models import Digest


def readers(digest: Digest) -> str:
    """Return how many there were when it was opened, "" as long as they are not counted."""
    return str(digest.candidates) if digest.prepared_at else ""


def sent(digest: Digest) -> str:
    """Return to how many it was sent; in a word how far it is, where it is not finished."""
    if digest.outcome:
        return str(digest.outcome["counts"].get("sent", 0))
    return progress_sentences.in_a_word(digest)
