"""A process that is killed with a message in hand: that one is uncertain, and nobody else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings

from digests import sending
from digests.models import Delivery
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer

PUBLISH = """
from datetime import timedelta
from digests import audience, publishing
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of
bulletin = a_bulletin()
(water,) = topics_of(bulletin, ["Water"])
for n in range(5):
    a_reader(bulletin, f"{n}@example.org", topics=[water])
digest = publishing.publish(a_draft(bulletin, {"Water": water}), at=NOON + timedelta(1))
audience.prepare(digest, at=NOON + timedelta(1))
"""
SEND = """
from django.utils import timezone
from digests import sending
from digests.models import Digest
sending.recover(at=timezone.now())
sending.send(Digest.objects.get(), clock=timezone.now, seconds=30)
"""
STATES = """
from digests.models import Delivery
for address, status in Delivery.objects.values_list("subscriber__address", "status"):
    print(address, status)
"""


def test_who_was_begun_when_the_process_died_is_uncertain_and_nobody_else(
    mail_server: MailServer, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/own.sqlite3",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}/",
        "SEND_SESSIONS": "1",
        "CHAOS": "true",
    }

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words, "-v0"]
        return subprocess.run(
            command,
            cwd=configured.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert manage("migrate").returncode == 0
    assert manage("shell", "-c", PUBLISH).returncode == 0
    (tmp_path / "chaos").mkdir()
    (tmp_path / "chaos" / "begun").touch()
    assert manage("shell", "-c", SEND).returncode == -signal.SIGKILL
    (journal,) = (tmp_path / "journals").iterdir()
    assert mail_server.mails == []
    assert re.fullmatch(r"Boot [\w-]*\nBegun \d+\n", journal.read_text())
    assert manage("shell", "-c", SEND).returncode == 0
    states = dict(line.split() for line in manage("shell", "-c", STATES).stdout.splitlines())
    assert sorted(states.values()) == ["sent"] * 4 + ["uncertain"]
    taken = [address for address, state in states.items() if state == "sent"]
    assert mail_server.recipients == sorted(taken)


@pytest.mark.django_db
def test_each_start_is_in_the_journal_before_the_mail_server_has_the_text(
    mail_server: MailServer, settings: Settings
) -> None:
    bulletin = a_bulletin()
    (water,) = topics_of(bulletin, ["Water"])
    for n in range(20):
        a_reader(bulletin, f"{n}@example.org", topics=[water])
    digest = a_digest(a_draft(bulletin, {"Water": water}), at=NOON)
    journals = Path(settings.DATA_DIR, "journals")
    mail_server.watch = lambda: [file.read_text() for file in journals.iterdir()]
    sending.send(digest, clock=lambda: NOON, seconds=30)
    ids = dict(Delivery.objects.values_list("subscriber__address", "pk"))
    assert len(mail_server.seen) == 20
    for recipient, (journal,) in mail_server.seen:
        assert f"Begun {ids[recipient]}\n" in journal
