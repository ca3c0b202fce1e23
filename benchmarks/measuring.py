"""Processor time and memory of processes, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = 1e6 / os.sysconf("SC_CLK_TCK")


def microseconds(pid: int) -> float:
    """The processor time that a process used so far; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) * _TICK


def peak_megabytes(pid: int) -> float:
    """The most memory that a process had; 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return max(
        (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0
    )


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        with_children = Path(f"/proc/{parent}/task").glob("*/children")
        found += [int(child) for each in with_children for child in each.read_text().split()]
    return found


class Meter:
    """Adds up the processor time of processes that come and go; `look` often."""

    def __init__(self) -> None:
        self._first: dict[int, float] = {}
        self._last: dict[int, float] = {}
        self.peak = 0.0

    def look(self, pids: Iterable[int], *, known: bool = True) -> None:
        """Measure what these have used by now. Those that are not `known` began before the
        measuring."""
        for pid in pids:
            used = microseconds(pid)
            self._first.setdefault(pid, 0.0 if known else used)
            self._last[pid] = max(used, self._last.get(pid, 0.0))
            self.peak = max(self.peak, peak_megabytes(pid))

    @property
    def used(self) -> float:
        """Microseconds in all."""
        return sum(self._last.values()) - sum(self._first.values())
