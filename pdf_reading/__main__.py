"""The subprocess that reads: `python -m pdf_reading FILE LIMITS` prints an issue as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf, enforce


def main() -> None:
    """Print the issue as JSON, or `{"refused": reason}`."""
    pdf, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    enforce(limits)
    try:
        answer = _read(pdf, limits)
    except UnreadablePdf as refusal:
        answer = {"refused": refusal.reason.value}
    except (MemoryError, RecursionError):
        answer = {"refused": ParseFailure.TOO_COSTLY.value}
    json.dump(answer, sys.stdout, ensure_ascii=False)


def _read(pdf: Path, limits: Limits) -> dict[str, object]:
    # Imported under the limits: the libraries' own memory counts too.
    from pdf_reading.pipeline import read
    from pdf_reading.process.serialization import to_record

    return to_record(read(pdf, limits=limits))


if __name__ == "__main__":
    main()
