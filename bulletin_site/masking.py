"""Tokens in log lines: whoever reads a log must not act for readers.

The addresses of readers' pages hold tokens (`foundation.tokens`), and so does whatever logs
addresses: Django of a failed request, gunicorn of each one. Log records are masked as they are
made, not in a handler: gunicorn, Celery and Django's own server bring handlers of their own.
"""

from __future__ import annotations

import logging
import re
from typing import Any

MASK = "…"
# A segment of an address that is about as long as a token: of one that lost some letters on its
# way the rest could be guessed. A slash is quoted where an address stands in another's query.
_TOKEN = re.compile(r"(/|%2F)[A-Za-z0-9_-]{32,}", re.IGNORECASE)


def masked(text: str) -> str:
    """`text` with MASK for what may be a token in an address."""
    return _TOKEN.sub(rf"\1{MASK}", text)


class MaskedRecord(logging.LogRecord):
    """A log record without tokens, whichever handler writes it down."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = masked(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - the name that logging looks for
        """Return what is to be written down."""
        return masked(super().getMessage())


def mask_tokens() -> None:
    """Mask the tokens in all that this process logs from now on."""
    logging.setLogRecordFactory(MaskedRecord)
