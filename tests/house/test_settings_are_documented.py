"""The environment, its table and its example name the same variables."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bulletin_site.settings import env

TOP = Path(settings.BASE_DIR)


def read_by_us() -> set[str]:
    return set(env.dump())


def importing(environment: dict[str, str], *, say: str = "", cwd: Path = TOP) -> str:
    """What a process that imports the settings alone says of them."""
    code = f"from bulletin_site import settings; print({say})"
    return subprocess.check_output(
        [sys.executable, "-B", "-c", code], cwd=cwd, env=environment, text=True
    ).strip()


def test_the_table_of_settings_has_a_row_for_each_variable_and_no_other() -> None:
    table = (TOP / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read_by_us()


def test_the_example_file_names_each_variable_and_no_other() -> None:
    example = (TOP / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == read_by_us()


@pytest.mark.parametrize(
    ("variable", "invalid"),
    [
        ("PORT", "70000"),
        ("SITE_URL", "bulletin"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LANGUAGE_CODE", "xx"),
        ("PDF_MAX_MB", "0"),
        ("DEBUG", "perhaps"),
        ("READING_PAGES", "many"),
        ("EMAIL_URL", "smtp://mail.example?wieght=2"),
        ("PROVIDER_RATE_LIMITS", "qq.com=300"),
        ("RETURN_PATH", f"{'b' * 20}@example.org"),
        ("DATABASE_URL", "oracle9://somewhere"),
        ("ANYMAIL", "[]"),
        ("ANYMAIL", "{"),
    ],
)
def test_what_is_invalid_is_refused_by_name_when_a_process_starts(
    variable: str, invalid: str, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import bulletin_site.settings"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), variable: invalid},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert variable in ran.stderr


def test_all_that_is_wrong_is_said_in_one_message(tmp_path: Path) -> None:
    wrong = {"PORT": "70000", "EMAIL_URL": "smtp//", "ANYMAIL": "{", "PDF_MAX_MB": "much"}
    ran = subprocess.run(
        [sys.executable, "-c", "import bulletin_site.settings"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path), **wrong},
        capture_output=True,
        text=True,
        check=False,
    )
    message = ran.stderr.splitlines()[-1]
    assert [name for name in wrong if name not in message] == []


def test_importing_the_settings_of_a_fresh_clone_makes_no_file_and_no_folder(
    tmp_path: Path,
) -> None:
    clone = tmp_path / "clone"
    for package in ("bulletin_site", "foundation", "mail"):
        shutil.copytree(
            TOP / package, clone / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    before = sorted(clone.rglob("*"))
    where = importing({}, say="settings.DATA_DIR", cwd=clone)
    assert where == str(clone / "var")
    assert sorted(clone.rglob("*")) == before


def test_a_command_makes_the_data_folder_and_no_secret_key_that_it_does_not_need(
    tmp_path: Path,
) -> None:
    subprocess.check_call(
        [sys.executable, "manage.py", "showmigrations"],
        cwd=TOP,
        env={"DATA_DIR": str(tmp_path / "new" / "data")},
        stdout=subprocess.DEVNULL,
    )
    assert [file.name for file in (tmp_path / "new" / "data").iterdir()] == ["bulletin.sqlite3"]


@pytest.mark.parametrize(
    ("environment", "site"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "8400"}, "http://localhost:8400"),
        ({"PORT": "8400", "SITE_URL": "https://b.example.org/"}, "https://b.example.org"),
    ],
)
def test_links_lead_to_the_port_that_is_served_unless_set_otherwise(
    environment: dict[str, str], site: str
) -> None:
    assert importing(environment, say="settings.SITE_URL") == site


def test_former_secret_keys_are_those_of_the_environment() -> None:
    environment = {"SECRET_KEY_FALLBACKS": "last,that before"}
    said = importing(environment, say="settings.SECRET_KEY_FALLBACKS")
    assert said == str(["last", "that before"])


def test_a_variable_that_is_empty_is_as_if_it_were_not_there() -> None:
    environment = dict.fromkeys(("DATABASE_URL", "EMAIL_URL"), "")
    assert "sqlite3" in importing(environment, say="settings.DATABASES")


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=TOP,
            env={"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bulletin_site.settings"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    secrets = {process.communicate()[0].strip() for process in running}
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret-key"]
