"""Reading in a subprocess: started afresh, since a daemonic Celery worker may not fork one with
multiprocessing, and returning JSON, so that nothing hostile is unpickled."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pdf_reading.issue_text import IssueText
from pdf_reading.limits import Limits, ParseFailure, UnreadablePdf
from pdf_reading.process.answer import decoded

logger = logging.getLogger(__name__)

USUAL = Limits()
_ROOT = Path(__file__).resolve().parents[2]
# Out of memory, pdfium ends itself with one of these; the others are sent by the limits.
_COSTLY = {
    signal.SIGXCPU,
    signal.SIGKILL,
    signal.SIGXFSZ,
    signal.SIGABRT,
    signal.SIGILL,
    signal.SIGTRAP,
}


def parse(pdf: Path, *, limits: Limits = USUAL) -> IssueText:
    """Read a PDF within limits. Starting the subprocess costs about 0.3 s.

    Raises `UnreadablePdf` with the reason when it cannot be read, whatever the file does to the
    reading library.
    """
    code, stderr, output = run("pdf_reading", str(pdf.resolve()), limits=limits)
    answer = decoded(output) if code == 0 else None
    if answer is not None and answer.issue is not None:
        return answer.issue
    if answer is not None and answer.refused is not None:
        raise UnreadablePdf(answer.refused)
    raise UnreadablePdf(_failure(code, stderr))


def page_image(pdf: Path, *, page: int, width: int, limits: Limits = USUAL) -> bytes:
    """Render a page as PNG, at most `width` pixels wide. Costs about 0.3 s and a process.

    Raises `UnreadablePdf`, also for a page that does not exist.
    """
    request = json.dumps({"page": page, "width": width})
    arguments = ("pdf_reading.process.page_image", str(pdf.resolve()), request)
    code, stderr, png = run(*arguments, limits=limits)
    if code or not png:
        raise UnreadablePdf(_failure(code, stderr) if code else ParseFailure.DAMAGED)
    return png


def run(
    module: str, *arguments: str, limits: Limits, prefix: Sequence[str] = ()
) -> tuple[int, str, bytes]:
    """Run a module, by the command `prefix` where there is one. Returns its exit code (negative:
    the signal that ended it), the end of what it wrote to stderr, and its output.

    The subprocess gets no environment but what Python needs: a hostile file that takes it over
    finds no passwords there. What it started ends with it.
    """
    command = [*prefix, sys.executable, "-m", module, *arguments, json.dumps(asdict(limits))]
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(
            command,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        try:
            _, errors = process.communicate(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            return -signal.SIGXCPU, "", b""
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        output.seek(0)
        stderr = errors.decode("utf-8", "replace")[-2_000:]
        return process.returncode, stderr, output.read(limits.output + 1)


def was_costly(code: int) -> bool:
    """Return whether a process that ended with this exit code had reached a limit."""
    return code < 0 and -code in _COSTLY


def _failure(code: int, stderr: str) -> ParseFailure:
    if code < 0:
        return ParseFailure.TOO_COSTLY if was_costly(code) else ParseFailure.DAMAGED
    # An error of our own, and not the file's alone: the traceback says where.
    logger.error("reading a PDF failed with exit code %d: %s", code, stderr)
    return ParseFailure.DAMAGED
