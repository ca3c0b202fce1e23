"""A restored backup mails nobody a second time until somebody decides; normal life goes on."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from digests import sending
from digests.models import Delivery, Digest, Folder, Origin
from digests.models.delivery import DeliveryStatus
from digests.sending import batch_counts
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

LATER = NOON + timedelta(hours=1)
TOP = Path(django_settings.BASE_DIR)
READERS = 6


@pytest.fixture
def digest(db: None, settings: Settings) -> Digest:
    """A digest of which two of six readers have got the mail."""
    settings.SEND_SESSIONS, settings.SEND_BATCH = 1, 1
    bulletin = a_bulletin()
    topics = topics_of(bulletin, ["Water"])
    for n in range(READERS):
        a_reader(bulletin, f"{n}@example.org", topics=topics)
    a_digest(a_draft(bulletin, {"Water": topics[0]}), at=LATER)
    return Digest.objects.get()


def send(digest: Digest) -> int:
    return sending.send(digest, clock=lambda: LATER, seconds=30)


def as_it_was_before(digest: Digest) -> None:
    """Have the database forget the last claim and what came of it."""
    Delivery.objects.filter(digest=digest).update(status=DeliveryStatus.QUEUED, settled_at=None)
    batch_counts.recount(digest)
    folder = Folder.objects.get()
    Folder.objects.update(claims=(folder.claims or 0) - 1)


def tables_elsewhere(_digest: Digest) -> None:
    Origin.objects.update(place="1 2 3")


def folder_unheard_of(_digest: Digest) -> None:
    """The backup is older than this machine."""
    Folder.objects.all().delete()


@pytest.mark.parametrize("restore", [as_it_was_before, tables_elsewhere, folder_unheard_of])
def test_unfinished_digests_of_a_restored_database_wait_for_a_decision(
    digest: Digest, mail_server: MailServer, restore: Callable[[Digest], None], admin_client: Client
) -> None:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert send(digest) == READERS
    as_it_was_before(digest)
    Folder.objects.update(claims=READERS)
    restore(digest)
    assert sending.pause_if_restored(at=LATER) == 1
    assert send(digest) == 0
    assert len(mail_server.mails) == READERS
    assert not sending.pause_if_restored(at=LATER)  # once

    page = admin_client.get(reverse("admin:digests_digest_change", args=[digest.pk]))
    assert "6 readers wait in it who may have got the mail" in page.content.decode()
    asked = admin_client.get(reverse("admin:digests_digest_lifecycle", args=[digest.pk, "resume"]))
    assert "6 readers wait in it who may have got the mail" in asked.content.decode()
    assert "6 readers wait in it" in admin_client.get("/admin/").content.decode()
    lists = admin_client.get(reverse("admin:digests_digest_changelist"))
    assert "restored, wants a decision" in lists.content.decode()
    with pytest.raises(SystemExit) as ended:
        call_command("digest_status", digest.pk)
    assert ended.value.code == 4

    call_command("steer_digest", "resume", digest.pk)
    assert len(mail_server.mails) == 2 * READERS
    assert not sending.pause_if_restored(at=LATER)


def test_in_normal_life_nothing_is_paused(
    digest: Digest, mail_server: MailServer, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "first"
    settings.DATA_DIR.mkdir()
    assert not sending.pause_if_restored(at=LATER)
    sending.send(digest, clock=lambda: LATER, seconds=30, stop=lambda: len(mail_server.mails) >= 2)
    assert 0 < len(mail_server.mails) < READERS
    shutil.copytree(tmp_path / "first", tmp_path / "older")
    settings.DATA_DIR = tmp_path / "second"  # a new machine, or a container with a fresh volume
    settings.DATA_DIR.mkdir()
    sending.send(digest, clock=lambda: LATER, seconds=30, stop=lambda: len(mail_server.mails) >= 3)
    for folder in ("first", "older", "second"):  # restarted; restored without the database
        settings.DATA_DIR = tmp_path / folder
        assert not sending.pause_if_restored(at=LATER)
        (tmp_path / folder / "claims").write_text("torn")
        assert not sending.pause_if_restored(at=LATER)
    send(digest)
    assert len(mail_server.recipients) == len(set(mail_server.recipients)) == READERS


def test_the_folder_of_another_service_says_nothing(
    digest: Digest, mail_server: MailServer
) -> None:
    send(digest)
    Origin.objects.update(service="another")
    Folder.objects.all().delete()
    Digest.objects.update(finished_at=None)
    assert not sending.pause_if_restored(at=LATER)


def test_where_everything_is_finished_a_restore_passes_in_silence(
    digest: Digest, mail_server: MailServer
) -> None:
    send(digest)
    assert sending.finish(digest, at=LATER)
    Origin.objects.update(place="1 2 3")
    assert not sending.pause_if_restored(at=LATER)
    assert not Digest.objects.exclude(paused_at=None).exists()
    Digest.objects.update(finished_at=None)
    assert not sending.pause_if_restored(at=LATER)


SET_UP = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import timedelta
from django.utils import timezone
from digests import audience, publishing, sending
from digests.models import Delivery
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of
bulletin = a_bulletin()
topics = topics_of(bulletin, ["Water"])
for n in range({READERS}):
    a_reader(bulletin, f"{{n}}@example.org", topics=topics)
digest = publishing.publish(a_draft(bulletin, {{"Water": topics[0]}}), at=NOON)
audience.prepare(digest, at=NOON)
sent = Delivery.objects.filter(status="sent")
sending.send(digest, clock=timezone.now, seconds=60, stop=sent.exists)
print(sent.count())
"""
SEND = """
from django.utils import timezone
from digests import sending
from digests.models import Digest
digest = Digest.objects.get()
sending.send(digest, clock=timezone.now, seconds=60)
digest.refresh_from_db()
print(bool(digest.restored_at))
"""


def run(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    ran = subprocess.run(
        command, cwd=TOP, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture
def environment(tmp_path: Path, mail_server: MailServer) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "SEND_BATCH": "2",
        "SEND_SESSIONS": "1",
        "SECRET_KEY": "of this test",
    }


def test_a_copied_folder_with_its_sqlite_mails_nobody_twice(
    environment: dict[str, str], mail_server: MailServer, tmp_path: Path
) -> None:
    assert 0 < int(run(SET_UP, environment)) < READERS
    shutil.copytree(tmp_path / "data", tmp_path / "backup")
    assert run(SEND, environment) == "False"
    assert len(mail_server.mails) == READERS
    assert run(SEND, environment | {"DATA_DIR": str(tmp_path / "backup")}) == "True"
    shutil.copy(tmp_path / "backup" / "bulletin.sqlite3", tmp_path / "data")  # its folder stays
    assert run(SEND, environment) == "True"
    assert len(mail_server.mails) == READERS


@contextlib.contextmanager
def new_database(server: str) -> Iterator[str]:
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
@pytest.mark.parametrize("in_place", [True, False])
def test_a_dump_of_postgresql_that_is_restored_mails_nobody_twice(
    environment: dict[str, str], mail_server: MailServer, tmp_path: Path, in_place: bool
) -> None:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres") or not shutil.which("pg_dump"):
        pytest.skip("DATABASE_URL names no PostgreSQL, or pg_dump is not on this machine")
    dump = tmp_path / "dump"
    with new_database(server) as first, new_database(server) as second:
        environment["DATABASE_URL"] = first
        assert 0 < int(run(SET_UP, environment)) < READERS
        subprocess.run(["pg_dump", "-Fc", "-f", dump, first], check=True)
        shutil.copytree(tmp_path / "data", tmp_path / "backup")
        assert run(SEND, environment) == "False"
        assert len(mail_server.mails) == READERS

        target = first if in_place else second
        subprocess.run(["pg_restore", "--clean", "--if-exists", "-d", target, dump], check=True)
        restored = {"DATA_DIR": str(tmp_path / "backup"), "DATABASE_URL": target}
        assert run(SEND, environment | restored) == "True"
        assert len(mail_server.mails) == READERS
        said = io.StringIO()
        assert run(
            "from django.core.management import call_command;"
            "call_command('steer_digest', 'resume', 1)",
            environment | restored,
        ), said
        assert run(SEND, environment | restored) == "False"
        assert len(mail_server.mails) > READERS
