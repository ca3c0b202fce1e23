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
from typing import Any

from pdf_reading.issue_text import IssueText
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.process.serialization import from_record

logger = logging.getLogger(__name__)

USUAL = Limits()
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


def parse(pdf: Path, *, limits: Limits = USUAL) -> IssueText:
    """Reads a PDF within limits. Raises `UnreadablePdf` with the reason when it cannot be read,
    whatever the file does to the reading library. Starting the child costs about 0.3 s."""
    code, complaint, output = _run("pdf_reading", str(pdf.resolve()), limits=limits)
    answer = _answer(output)
    if code == 0 and answer is not None:
        if "refused" in answer:
            raise UnreadablePdf(ParseFailure(answer["refused"]))
        return from_record(answer)
    raise UnreadablePdf(_reason(code, complaint))


def page_image(pdf: Path, *, page: int, width: int, limits: Limits = USUAL) -> bytes:
    """A page as PNG, at most `width` pixels wide.

    Raises `UnreadablePdf`, also for a page that is not there. About 0.3 s and a process.
    """
    request = json.dumps({"page": page, "width": width})
    arguments = ("pdf_reading.process.page_image", str(pdf.resolve()), request)
    code, complaint, png = _run(*arguments, limits=limits)
    if code or not png:
        raise UnreadablePdf(_reason(code, complaint) if code else ParseFailure.DAMAGED)
    return png


def _run(module: str, *arguments: str, limits: Limits) -> tuple[int, str, bytes]:
    """The child's exit code (negative: the signal that ended it), its last words, its output.

    The child gets no environment but what Python needs: a hostile file that takes it over finds
    no passwords there.
    """
    command = [sys.executable, "-m", module, *arguments, json.dumps(asdict(limits))]
    with tempfile.TemporaryFile() as output:
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
            return -signal.SIGXCPU, "", b""
        output.seek(0)
        last_words = done.stderr.decode("utf-8", "replace")[-2_000:]
        return done.returncode, last_words, output.read(limits.output + 1)


def _answer(output: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(output)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _reason(code: int, complaint: str) -> ParseFailure:
    if code < 0:
        return ParseFailure.TOO_COSTLY if -code in _COSTLY else ParseFailure.DAMAGED
    # Not the file's fault alone: our own reading stumbled, and we want to know where.
    logger.error("reading a PDF failed with exit code %d: %s", code, complaint)
    return ParseFailure.DAMAGED
