"""The limits of a reading, and the reasons for which a file is refused."""

from __future__ import annotations

import resource
import signal
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """The bytes, seconds and pages that one file may cost. More is refused, never waited for."""

    memory: int = 1 << 30
    cpu_seconds: int = 300
    wall_seconds: int = 600
    pages: int = 2_000
    output: int = 64 << 20


class ParseFailure(StrEnum):
    """The reason why a file cannot be read. The values are stable: they are stored and
    translated."""

    EMPTY = "empty"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_PAGES = "no_pages"
    NO_TEXT = "no_text"
    GARBLED = "garbled"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COSTLY = "too_costly"


class UnreadablePdf(Exception):
    """The file cannot be read, and `reason` says why."""

    def __init__(self, reason: ParseFailure) -> None:
        super().__init__(reason.value)
        self.reason = reason


def enforce(limits: Limits) -> None:
    """Limit this process from now on."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it at start
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
