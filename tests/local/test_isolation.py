"""The demonstration, chaos and the benchmarks refuse to run where anything is real."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from bulletin_site.local import samples
from bulletin_site.local.isolation import REACHING_OUT, NotIsolated, require_isolation
from bulletin_site.management.commands.demo import _editor
from publications.models import Bulletin
from tests.support.factories import NOON, a_bulletin, a_reader

TOP = Path(django_settings.BASE_DIR)
ENTRIES = (
    "benchmarks.chaos",
    "benchmarks.sending",
    "benchmarks.opening",
    "benchmarks.importing",
    "benchmarks.compose",
)


def ran(*words: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "DATA_DIR": str(data)}
    return subprocess.run(
        [sys.executable, *words],
        cwd=TOP,
        env=own | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """The .env of a service that mails real readers."""
    file = tmp_path / "env"
    file.write_text("EMAIL_URL=smtp://127.0.0.1:1\nREDIS_URL=redis://127.0.0.1:1/0\n")
    return file


@pytest.mark.parametrize("name", REACHING_OUT)
def test_each_setting_that_reaches_out_is_named(name: str) -> None:
    with pytest.raises(NotIsolated, match=name):
        require_isolation({name: "something"})
    require_isolation({name: ""})
    with pytest.raises(NotIsolated):
        require_isolation({}, readers=1)


@pytest.mark.parametrize(
    ("locale", "words"), [("en_GB.UTF-8", "Not here"), ("zh_CN.UTF-8", "此处不能运行")]
)
def test_the_demonstration_refuses_real_mail(
    production: Path, tmp_path: Path, locale: str, words: str
) -> None:
    variables = {"ENV_FILE": str(production), "LC_ALL": locale, "PYTHONIOENCODING": "utf-8"}
    refused = ran("manage.py", "demo", "--exit", data=tmp_path / "data", **variables)
    assert refused.returncode != 0
    assert words in refused.stderr
    assert "EMAIL_URL" in refused.stderr
    assert not (tmp_path / "data" / "bulletin.sqlite3").exists()


@pytest.mark.django_db
def test_the_demonstration_refuses_real_readers() -> None:
    samples.load(at=NOON)
    assert samples.other_readers() == 0
    a_reader(a_bulletin(), "ann@reader.example")
    before = Bulletin.objects.count()
    with pytest.raises(CommandError):
        call_command("demo", "--exit")
    assert Bulletin.objects.count() == before


@pytest.mark.django_db
def test_the_demonstration_makes_one_editor_and_knows_its_password_again() -> None:
    password = _editor()
    assert User.objects.get(username="editor", is_superuser=True).check_password(password)
    assert _editor() == password


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "ann"])
def test_nobodys_account_or_password_is_touched(name: str) -> None:
    person = User.objects.create_superuser(name, password="a person's own")
    assert _editor() == ""
    person.refresh_from_db()
    assert person.check_password("a person's own")
    assert User.objects.count() == 1


@pytest.mark.parametrize("entry", ENTRIES)
def test_chaos_and_benchmarks_refuse_real_mail(
    entry: str, production: Path, tmp_path: Path
) -> None:
    refused = ran("-m", entry, data=tmp_path, ENV_FILE=str(production))
    assert refused.returncode != 0
    assert "Not here: there is EMAIL_URL set." in refused.stderr


@pytest.mark.parametrize("entry", ENTRIES[:3])
def test_chaos_and_benchmarks_refuse_a_database_that_was_not_named_to_them(
    entry: str, tmp_path: Path
) -> None:
    refused = ran("-m", entry, "--database", "", data=tmp_path, DATABASE_URL="postgres://db/real")
    assert refused.returncode != 0
    assert "DATABASE_URL set" in refused.stderr


@pytest.mark.postgres
@pytest.mark.parametrize("entry", ENTRIES[:3])
def test_chaos_and_benchmarks_refuse_a_database_with_readers(entry: str, tmp_path: Path) -> None:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    name = f"real_{uuid.uuid4().hex[:12]}"
    url = f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(url) as real:
                real.execute("CREATE TABLE subscribers_subscriber AS SELECT 1 AS id")
            refused = ran("-m", entry, "--database", url, data=tmp_path)
            assert "there is 1 readers in that database" in refused.stderr
            assert refused.returncode != 0
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_trial_takes_nothing_of_the_checkouts_env(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("REDIS_URL=redis://127.0.0.1:1/0\n")
    code = """
from benchmarks import isolation
isolation.begin()
from bulletin_site import settings
print([settings.REDIS_URL])"""
    said = ran("-c", code, data=tmp_path, ENV_FILE=str(tmp_path / "env"))
    assert said.stdout.strip() == "['']", said.stderr
