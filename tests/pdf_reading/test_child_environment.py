"""The process that opens a hostile file finds no password in its environment."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pdf_reading.limits import UnreadablePdf
from pdf_reading.process import subprocesses


def parse(pdf: Path) -> object:
    return subprocesses.parse(pdf)


def page_image(pdf: Path) -> object:
    return subprocesses.page_image(pdf, page=1, width=100)


@pytest.mark.parametrize("start", [parse, page_image])
def test_the_child_gets_no_environment_but_what_python_needs(
    start: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tmp_path / "environment.json"
    interpreter = tmp_path / "python"  # a program that writes down the environment it was given
    interpreter.write_text(
        f"#!{sys.executable}\nimport json, os\n"
        f"open({str(found)!r}, 'w').write(json.dumps(dict(os.environ)))\nraise SystemExit(1)\n"
    )
    interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "hidden")
    with pytest.raises(UnreadablePdf):
        start(tmp_path / "issue.pdf")
    environment = json.loads(found.read_text())
    # Python itself sets LC_CTYPE where there is no locale (PEP 538).
    assert environment.keys() - {"LC_CTYPE"} == {"PYTHONPATH", "PYTHONUTF8", "OMP_NUM_THREADS"}
