"""A small run of `make chaos`: the promise of sending holds whatever is killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.chaos import scenarios
from benchmarks.chaos.__main__ import Result, not_taken
from benchmarks.chaos.scenarios import Scene, killed_at
from benchmarks.chaos.stage import Stage
from tests.support.service import TOP

pytestmark = [pytest.mark.redis, pytest.mark.timeout(400)]
WELL = Result(0, 0, 0, 0, missed=0, balanced=True, seconds=1.0)


def test_nobody_is_lost_or_mailed_twice_whatever_is_killed() -> None:
    played = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.chaos", "--readers", "400", "--kills", "3",
            "--slow", "0.02",  # without it most of them are through before anything is killed
            "--database", os.environ.get("DATABASE_URL", ""),
            "--only", "moments", "answered", "two publish",
        ],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout + played.stderr[-3000:]
    assert played.stdout.count("True") == 3


def test_what_is_called_sent_and_was_not_taken_is_lost_whatever_else_was_taken() -> None:
    assert not_taken(["1.1", "1.2"], ["<1.1@example.org>", "<1.3@example.org>"]) == {"1.2"}


def test_a_death_that_nobody_died_is_missed_and_leaves_nothing_uncertain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "DEATH", 0.05)
    (tmp_path / "chaos").mkdir()
    scene = Scene(Stage(tmp_path, {}, ()), readers=0, before=0, draw=random.Random(7))
    killed_at("begun")(scene)
    assert (scene.missed, scene.may_be_uncertain) == (3, 0)
    assert not scene.point("begun").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WELL, lost=1),
        replace(WELL, doubled=1),
        replace(WELL, uncertain=1),
        replace(WELL, missed=1),
        replace(WELL, balanced=False),
    ],
)
def test_a_row_is_all_right_when_nothing_is_wrong(wrong: Result) -> None:
    assert WELL.kept
    assert replace(WELL, uncertain=1, may_be_uncertain=1).kept
    assert not wrong.kept
