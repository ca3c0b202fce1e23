"""The kept list of wrong changes fits the code, and a change that no test notices is said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from checks.mutants import TOP, Mutant, Result, load, outcome


def test_every_change_of_the_list_still_applies() -> None:
    assert [f"{mutant.file}: {mutant.old}" for mutant in load() if not mutant.applied()] == []


def test_every_change_of_the_list_names_tests_that_there_are() -> None:
    assert {test for mutant in load() for test in mutant.tests if not is_there(test)} == set()
    assert all(mutant.tests for mutant in load())


def is_there(test: str) -> bool:
    """Whether pytest would find `test`: a file, or file::function, a case of it in brackets."""
    file, _, function = test.partition("::")
    path = TOP / file
    return path.is_file() and f"def {function.partition('[')[0]}" in path.read_text()


def test_no_change_is_in_the_list_twice() -> None:
    seen = Counter((mutant.file, mutant.old, mutant.new) for mutant in load())
    names = Counter(mutant.name for mutant in load())
    assert max(seen.values()) == max(names.values()) == 1


@pytest.mark.parametrize(
    ("change", "tests", "result"),
    [
        (("a + b", "a - b"), "test_sums.py", Result.KILLED),
        (("a + b", "b + a"), "test_sums.py", Result.SURVIVED),
        (("a * b", "a - b"), "test_sums.py", Result.INAPPLICABLE),
        (("a", "b"), "test_sums.py", Result.INAPPLICABLE),
        (("a + b", "a - b"), "test_none.py", Result.BROKEN),
    ],
)
def test_what_became_of_a_change_is_said_and_the_file_is_as_before(
    change: tuple[str, str],
    tests: str,
    result: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    code = "def add(a: int, b: int) -> int:\n    return a + b\n"
    (tmp_path / "sums.py").write_text(code)
    (tmp_path / "test_sums.py").write_text(
        "from sums import add\n\ndef test_sum() -> None:\n    assert add(2, 3) == 5\n"
    )
    assert outcome(Mutant("A sum is wrong", "sums.py", *change, (tests,)), tmp_path) is result
    assert (tmp_path / "sums.py").read_text() == code
