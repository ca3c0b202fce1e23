"""A small run of `make chaos`: the promise of sending holds whatever is killed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.journeys.conftest import TOP

pytestmark = [pytest.mark.redis, pytest.mark.timeout(400)]


def test_nobody_is_lost_or_mailed_twice_whatever_is_killed() -> None:
    played = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.chaos", "--readers", "400", "--kills", "3",
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
