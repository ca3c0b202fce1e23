"""Child processes: started in order, watched, and all ended when we end, however we end."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

TIMEOUT_SECONDS = 15.0  # seconds between SIGTERM and SIGKILL
MAX_REVIVALS = 5  # of one process in REVIVAL_SPAN seconds
REVIVAL_SPAN = 60.0
PR_SET_PDEATHSIG = 1  # prctl(2)

logger = logging.getLogger(__name__)

_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Process:
    """A command to keep running, the name under which it is spoken of, and whether the others
    lean on it, so that it ends after them."""

    name: str
    command: tuple[str, ...]
    is_dependency: bool = False


class Ended(Exception):
    """A process that should be running has ended, again and again; its log says why."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(name)
        self.name = name
        self.log = log


class Supervisor:
    """Running child processes, each with a log of its own in `logs`.

    Leaving the context ends them: all at once, and then those that they lean on. The kernel
    sends them SIGTERM too when the thread that started them dies without a word (Linux).
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._processes: dict[str, Process] = {}
        self._revived: dict[str, list[float]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for dependencies in (False, True):
            _end(
                child
                for name, child in self._running.items()
                if self._processes[name].is_dependency is dependencies
            )

    def start(self, process: Process) -> None:
        """Start a process; its output goes to NAME.log."""
        self._processes[process.name] = process
        with self._log(process.name).open("ab") as log:
            self._running[process.name] = subprocess.Popen(
                process.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - we have one thread
            )

    def check(self) -> None:
        """Raise Ended for the first process that has ended."""
        for name, child in self._running.items():
            if child.poll() is not None:
                raise Ended(name, self._log(name))

    def watch(self) -> None:
        """Keep everything running until somebody interrupts us (KeyboardInterrupt).

        What ends is started again; Ended is raised for what ends MAX_REVIVALS times a minute.
        """
        while True:
            for name, child in list(self._running.items()):
                if child.poll() is not None:
                    self._revive(name)
            time.sleep(0.5)

    def _revive(self, name: str) -> None:
        now = time.monotonic()
        recent = [then for then in self._revived.get(name, []) if now - then < REVIVAL_SPAN]
        if len(recent) >= MAX_REVIVALS:
            raise Ended(name, self._log(name))
        self._revived[name] = [*recent, now]
        logger.warning("%s has ended; it is started again", name)
        self.start(self._processes[name])

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _end_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:  # the parent died before the line above
        os.kill(os.getpid(), signal.SIGTERM)


def _end(children: Iterable[subprocess.Popen[bytes]]) -> None:
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    for child in running:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
