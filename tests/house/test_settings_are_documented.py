"""The environment, its table and its example name the same variables."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bulletin_site.env import env

TOP = Path(settings.BASE_DIR)


def read_by_us() -> set[str]:
    return set(env.dump())


def test_the_table_of_settings_has_a_row_for_each_variable_and_no_other() -> None:
    table = (TOP / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read_by_us()


def test_the_example_file_names_each_variable_and_no_other() -> None:
    example = (TOP / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == read_by_us()


@pytest.mark.parametrize(
    ("variable", "nonsense"),
    [
        ("PORT", "70000"),
        ("SITE_URL", "bulletin"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LANGUAGE_CODE", "xx"),
        ("PDF_MAX_MB", "0"),
        ("DEBUG", "perhaps"),
        ("READING_PAGES", "many"),
        ("EMAIL_URL", "smtp://mail.example?wieght=2"),
        ("PROVIDER_PACES", "qq.com=300"),
        ("RETURN_PATH", f"{'b' * 20}@example.org"),
        ("DATABASE_URL", "oracle9://somewhere"),
    ],
)
def test_nonsense_is_refused_by_name_when_a_process_starts(
    variable: str, nonsense: str, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import bulletin_site.env"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), variable: nonsense},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert variable in ran.stderr


@pytest.mark.parametrize(
    ("told", "site"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "8400"}, "http://localhost:8400"),
        ({"PORT": "8400", "SITE_URL": "https://b.example.org"}, "https://b.example.org"),
    ],
)
def test_links_lead_to_the_port_that_is_served_unless_told_otherwise(
    told: dict[str, str], site: str, tmp_path: Path
) -> None:
    code = "from bulletin_site import env; print(env.site_url)"
    environment = {"DATA_DIR": str(tmp_path), **told}
    said = subprocess.check_output(
        [sys.executable, "-c", code], cwd=TOP, env=environment, text=True
    )
    assert said.strip() == site


def test_former_secret_keys_are_those_of_the_environment(tmp_path: Path) -> None:
    said = subprocess.check_output(
        [
            sys.executable,
            "-c",
            "from bulletin_site import settings as s; print(s.SECRET_KEY_FALLBACKS)",
        ],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), "SECRET_KEY_FALLBACKS": "last,that before"},
        text=True,
    )
    assert said.strip() == str(["last", "that before"])


def test_a_variable_that_is_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from bulletin_site import env; print(env.database['ENGINE'])"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), **dict.fromkeys(("DATABASE_URL", "EMAIL_URL"), "")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "sqlite3" in ran.stdout, ran.stderr


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from bulletin_site import env; print(env.secret_key)"]
    running = [
        subprocess.Popen(
            command, cwd=TOP, env={"DATA_DIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    secrets = {process.communicate()[0].strip() for process in running}
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
