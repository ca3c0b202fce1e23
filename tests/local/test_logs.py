"""What every process writes to its log, and how much."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bulletin_site.log_format import LineFormatter

TOP = Path(settings.BASE_DIR)
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"


def said(tmp_path: Path, *command: str, **variables: str) -> str:
    environment = {"DATA_DIR": str(tmp_path), **variables}
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=TOP,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


@pytest.mark.parametrize(("level", "lines"), [("ERROR", []), ("INFO", ["digests.x told"])])
def test_log_level_alone_says_what_a_worker_writes(
    level: str, lines: list[str], tmp_path: Path
) -> None:
    code = (
        "import logging; from bulletin_site.celery import app; app.loader.import_default_modules();"
        "app.log.setup(loglevel='DEBUG'); logging.getLogger('digests.x').info('told')"
    )
    written = said(tmp_path, "-c", code, LOG_LEVEL=level).splitlines()
    assert [re.sub(f"^{MOMENT} INFO ", "", line) for line in written] == lines


def test_a_line_has_the_time_of_the_site_and_its_offset() -> None:
    record = logging.makeLogRecord({"name": "digests", "levelname": "INFO", "msg": "x"})
    record.created = 1_790_000_000.25
    shown = LineFormatter("%(asctime)s %(name)s", zone="Asia/Shanghai").format(record)
    assert shown == "2026-09-21T22:13:20.250+08:00 digests"


def test_gunicorn_writes_as_all_others_do_serves_with_threads_and_needs_no_home(
    tmp_path: Path,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "bulletin_site.wsgi"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), "PORT": "8181"},
        capture_output=True,
        text=True,
        check=True,
    )
    config = dict(re.findall(r"^(\w+) += (.*)$", ran.stdout, re.MULTILINE))
    assert (config["workers"], config["threads"]) == ("2", "4")
    assert config["bind"] == "['127.0.0.1:8181']"
    assert config["accesslog"] == "None"
    assert config["control_socket_disable"] == "True"
    assert "LineFormatter" in config["logconfig_dict"]
