"""A Django shell that runs one piece of code after the other: to start one takes two seconds."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path

_LOOP = """
import contextlib, io, json, sys, traceback
from django.db import connections
here = dict(globals())
for line in sys.stdin:
    printed, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), dict(here))
    except BaseException:
        error = traceback.format_exc()
    connections.close_all()  # what is asked next may be after a restart of the database
    print(json.dumps([printed.getvalue(), error]), flush=True)
"""


class DjangoShell:
    """`manage.py shell` in an environment, ended with the object."""

    def __init__(self, *, cwd: Path, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", _LOOP],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        weakref.finalize(self, _end, self._process)

    def run(self, code: str) -> str:
        """Return what `code` prints, in a namespace of its own. Raises AssertionError."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the shell has ended"
        printed, error = json.loads(answer)
        assert not error, error
        return str(printed).strip()


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(BrokenPipeError):
        process.communicate(timeout=30)  # it ends with its input
