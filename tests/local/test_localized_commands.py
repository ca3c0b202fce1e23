"""Commands speak the language of the terminal."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from foundation.localized_command import language_of


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-hans"),
    ],
)
def test_the_first_locale_that_is_set_decides(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("locale", "says"), [("C.UTF-8", "until Ctrl-C"), ("zh_CN.UTF-8", "直到按 Ctrl-C")]
)
def test_the_help_of_a_command_is_in_that_language(locale: str, says: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "serve", "--help"],
        cwd=settings.BASE_DIR,
        env={"LC_ALL": locale, "DATA_DIR": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert says in ran.stdout
