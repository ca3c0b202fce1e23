"""Reading in a child process: started afresh, since a daemonic Celery worker may not fork one
with multiprocessing, and handing over JSON, so that nothing hostile is unpickled."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from digests.parsing.limits import Limits, Reason, UnreadablePdf
from digests.parsing.record import from_record
from digests.text import IssueText

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
# Out of memory, pdfium ends itself with one of these; the rest are the limits' own.
_COSTLY = {
    signal.SIGXCPU,
    signal.SIGKILL,
    signal.SIGXFSZ,
    signal.SIGABRT,
    signal.SIGILL,
    signal.SIGTRAP,
}


def parse(pdf: Path, *, limits: Limits = Limits()) -> IssueText:  # noqa: B008 - frozen
    """Reads a PDF within limits. Raises `UnreadablePdf` with the reason when it cannot be read,
    whatever the file does to the reading library. Starting the child costs about 0.3 s."""
    with tempfile.TemporaryFile() as output:
        code, complaint = _run(pdf, limits=limits, output=output)
        output.seek(0)
        answer = _answer(output.read(limits.output + 1))
    if code == 0 and answer is not None:
        if "refused" in answer:
            raise UnreadablePdf(Reason(answer["refused"]))
        return from_record(answer)
    raise UnreadablePdf(_reason(code, complaint))


def _run(pdf: Path, *, limits: Limits, output: IO[bytes]) -> tuple[int, str]:
    """The child's exit code (negative: the signal that ended it) and its last words.

    The child gets no environment but what Python needs: a hostile file that takes it over finds
    no passwords there.
    """
    command = [
        sys.executable,
        "-m",
        "digests.parsing",
        str(pdf.resolve()),
        json.dumps(asdict(limits)),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU, ""
    return done.returncode, done.stderr.decode("utf-8", "replace")[-2_000:]


def _answer(output: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(output)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _reason(code: int, complaint: str) -> Reason:
    if code < 0:
        return Reason.TOO_COSTLY if -code in _COSTLY else Reason.DAMAGED
    # Not the file's fault alone: our own reading stumbled, and we want to know where.
    logger.error("reading a PDF failed with exit code %d: %s", code, complaint)
    return Reason.DAMAGED
