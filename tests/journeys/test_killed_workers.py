"""Workers are killed in mid-send and Redis is emptied: nobody is lost, nobody gets two copies."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from redis import Redis

from tests.support.service import Service

pytestmark = [pytest.mark.redis, pytest.mark.timeout(300)]

READERS = 500
KILLS = 6
SESSIONS = 4  # that one process may have open (SEND_SESSIONS), each with one message in flight

PUBLISH = """
from django.utils import timezone
from digests import publishing, tasks
from tests.support.factories import a_bulletin, a_draft, a_reader, topics_of, NOON
bulletin = a_bulletin("{slug}")
topics = topics_of(bulletin, ["Water", "Energy", "Standards"])
for n in range({readers}):
    a_reader(bulletin, f"{slug}{{n}}@example.org", topics=topics[: 1 + n % 3])
issue = a_draft(bulletin, {{topic.name_en: topic for topic in topics}})
digest = publishing.publish(issue, at=timezone.now())
tasks.prepare_digest.delay(digest.pk)
tasks.prepare_digest.delay(digest.pk)
"""
COUNTS = """
from digests import sending
from digests.models import Digest
digest = Digest.objects.latest("pk")
counts = sending.count(digest)
print(digest.finished_at is not None, counts.candidates, counts.sent, counts.uncertain,
      counts.waiting, counts.balanced)
"""


def publish(slug: str) -> str:
    """Code that publishes to READERS new readers of a new bulletin."""
    return PUBLISH.format(slug=slug, readers=READERS)


def sending_processes(service: Service) -> list[int]:
    """The pool processes of the worker that sends digests."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            data = (folder / "environ").read_bytes()
        except OSError:
            continue
        ours = f"DATA_DIR={service.data}".encode() in data.split(b"\0")
        if ours and b"digests@%h" in words:
            found.append(int(folder.name))
    return sorted(found)


def test_killing_workers_and_emptying_redis_neither_loses_nor_doubles_mail(
    service: Service,
) -> None:
    draw = random.Random(7)
    service.run(publish("killed"))
    redis = redis_of(service)
    in_flight = 0
    for n in range(KILLS):
        await_mails(service, more_than=READERS * n // (KILLS + 1))
        senders = await_senders(service)
        in_flight += SESSIONS * len(senders)  # with the main process all of its pool dies
        os.kill(draw.choice(senders), signal.SIGKILL)
        if n % 2:
            redis.flushall()
    finished, candidates, sent, uncertain, waiting, balanced = await_end(service)
    copies = {address: len(mails) for address, mails in service.caught().items()}

    assert finished == "True", service.logs()
    assert balanced == "True"
    assert int(candidates) == READERS
    assert int(waiting) == 0
    assert int(sent) + int(uncertain) == READERS
    assert int(uncertain) <= in_flight
    assert max(copies.values()) == 1
    assert len(copies) >= int(sent)


def redis_of(service: Service) -> Redis:
    socket = service.run("from django.conf import settings; print(settings.REDIS_SOCKET)")
    return Redis(unix_socket_path=socket)


def await_senders(service: Service) -> list[int]:
    """The sending processes, waited for: a killed worker is started again within a second."""
    deadline = time.monotonic() + 60
    while not (found := sending_processes(service)):
        assert time.monotonic() < deadline, service.logs()
        time.sleep(0.1)
    return found


def await_mails(service: Service, *, more_than: int) -> None:
    deadline = time.monotonic() + 120
    folder = service.data / "caught" / "new"
    while len(list(folder.glob("*"))) <= more_than:
        assert time.monotonic() < deadline, service.logs()
        time.sleep(0.02)


def await_end(service: Service) -> list[str]:
    deadline = time.monotonic() + 120
    while True:
        words = service.run(COUNTS).split()
        if words[0] == "True" or time.monotonic() > deadline:
            return words
        time.sleep(1)
