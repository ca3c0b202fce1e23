"""The child: `python -m digests.parsing FILE LIMITS` limits itself, reads, prints JSON."""

from __future__ import annotations

import json
import resource
import signal
import sys
from pathlib import Path

from digests.parsing.limits import Limits, Reason, UnreadablePdf


def main() -> None:
    """Prints the record of the issue, or `{"refused": reason}`."""
    pdf, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    limit(limits)
    try:
        answer = _read(pdf, limits)
    except UnreadablePdf as refusal:
        answer = {"refused": refusal.reason.value}
    except (MemoryError, RecursionError):
        answer = {"refused": Reason.TOO_COSTLY.value}
    json.dump(answer, sys.stdout, ensure_ascii=False)


def _read(pdf: Path, limits: Limits) -> dict[str, object]:
    # Imported under the limits: the libraries' own memory counts too.
    from digests.parsing.reading import read
    from digests.parsing.record import to_record

    return to_record(read(pdf, limits=limits))


def limit(limits: Limits) -> None:
    """Hold this process to the limits from now on."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it at start
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
