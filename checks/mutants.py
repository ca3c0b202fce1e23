"""Small wrong changes, each of which a test must notice: `make mutants`.

The list is `checks/mutants.toml`. Each change is made alone, in a copy of the tree, and the tests
that are named beside it are run there until the first fails (docs/decisions/0024).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.table import Table

TOP = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_suffix(".toml")
AT_ONCE = 2
TIMEOUT_SECONDS = 300
_LEFT_BEHIND = shutil.ignore_patterns(".*_cache", ".git", ".venv", "var", "node_modules")


class Result(StrEnum):
    """The result of a wrong change."""

    KILLED = "killed"
    SURVIVED = "survived"
    INAPPLICABLE = "does not apply any more"
    BROKEN = "its tests do not run"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong change: `old` becomes `new` in `file`. The name is what somebody would see of it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def applied(self, top: Path = TOP) -> str | None:
        """Return the text of the file with the change; None where `old` is not in it once."""
        path = top / self.file
        text = path.read_text() if path.exists() else ""
        return text.replace(self.old, self.new) if text.count(self.old) == 1 else None


def load(path: Path = LIST) -> list[Mutant]:
    """Return the kept list."""
    entries = tomllib.loads(path.read_text())["mutant"]
    return [Mutant(**(entry | {"tests": tuple(entry["tests"])})) for entry in entries]


def outcome(mutant: Mutant, top: Path) -> Result:
    """Make the change in the copy `top`, run its tests there, and take the change back."""
    path, changed = top / mutant.file, mutant.applied(top)
    if changed is None:
        return Result.INAPPLICABLE
    unchanged = path.read_text()
    path.write_text(changed)
    try:
        code, _output = _test(mutant.tests, top)
    finally:
        path.write_text(unchanged)
    return {0: Result.SURVIVED, 1: Result.KILLED}.get(code, Result.BROKEN)


def _test(tests: Iterable[str], top: Path, *, seconds: float = TIMEOUT_SECONDS) -> tuple[int, str]:
    """Return pytest's exit code and output. A test that hangs has failed: 1."""
    # Of a file that is changed twice within a second Python would take what it compiled before.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-x", "-q", *tests],
            cwd=top,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {seconds} seconds"
    return ran.returncode, ran.stdout


@contextmanager
def copies(number: int) -> Iterator[SimpleQueue[Path]]:
    """Copies of the tree, for one worker each."""
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for n in range(number):
            shutil.copytree(TOP, Path(folder, str(n)), ignore=_LEFT_BEHIND)
            free.put(Path(folder, str(n)))
        yield free


def run(mutants: Iterable[Mutant], *, at_once: int) -> Iterator[tuple[Mutant, Result]]:
    """Yield what became of each, in their order."""
    chosen = list(mutants)
    with copies(at_once) as free, ThreadPoolExecutor(at_once) as pool:

        def in_a_copy(mutant: Mutant) -> Result:
            top = free.get()
            try:
                return outcome(mutant, top)
            finally:
                free.put(top)

        yield from zip(chosen, pool.map(in_a_copy, chosen), strict=True)


def fails_unchanged(mutants: Iterable[Mutant]) -> str:
    """Return what pytest says where the tests fail without a change, too; "" where they pass."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    with copies(1) as free:
        code, output = _test(tests, free.get(), seconds=len(tests) * TIMEOUT_SECONDS)
    return output if code else ""


def main() -> int:
    """Print what became of each. Returns 1 where one was not noticed, or could not be tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only those with one of these in name or file")
    words = parser.parse_args().words
    chosen = [
        mutant
        for mutant in load()
        if not words or any(word in f"{mutant.file} {mutant.name}" for word in words)
    ]
    if failure := fails_unchanged(chosen):
        print(f"{failure}\nThe tests fail without a change, too: so they tell nothing.")
        return 1
    console, results = Console(), Counter[Result]()
    table = Table("", "what somebody would see", "file")
    for mutant, result in run(chosen, at_once=AT_ONCE):
        results[result] += 1
        console.print(f"{result}: {mutant.name}", highlight=False, soft_wrap=True)
        table.add_row(result, mutant.name, mutant.file)
    console.print(table)
    console.print(", ".join(f"{number} {result}" for result, number in results.items()))
    return int(set(results) != {Result.KILLED})


if __name__ == "__main__":
    sys.exit(main())
