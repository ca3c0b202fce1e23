"""The subprocess that reads: `python -m pdf_reading FILE LIMITS` prints an issue as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pdf_reading.issue_text import IssueText
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf, enforce
from pdf_reading.process.answer import Answer, encoded


def main() -> None:
    """Print the issue, or why it is refused, as `pdf_reading.process.answer` writes it."""
    pdf, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    enforce(limits)
    try:
        output = encoded(Answer(issue=_read(pdf, limits)))
    except UnreadablePdf as refusal:
        output = encoded(Answer(refused=refusal.reason))
    except (MemoryError, RecursionError):
        output = encoded(Answer(refused=ParseFailure.TOO_COSTLY))
    sys.stdout.buffer.write(output)


def _read(pdf: Path, limits: Limits) -> IssueText:
    # Imported under the limits: the libraries' own memory counts too.
    from pdf_reading.pipeline import read

    return read(pdf, limits=limits)


if __name__ == "__main__":
    main()
