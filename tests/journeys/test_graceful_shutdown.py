"""A worker shuts down gracefully (SIGTERM): soon, with nothing uncertain; the rest is sent on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.journeys.test_killed_workers import (
    READERS,
    await_end,
    await_mails,
    await_senders,
    publish,
    sending_processes,
)
from tests.support.service import TOP, Service

pytestmark = [pytest.mark.redis, pytest.mark.timeout(300)]

KILLED_WHILE_CHECKING = """
import os, signal, time
from foundation import graceful_shutdown
for _ in range(30):
    if not (child := os.fork()):
        while True:
            graceful_shutdown.requested()
    time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not graceful_shutdown.requested()
graceful_shutdown.request()
assert graceful_shutdown.requested()
"""


@pytest.mark.parametrize("signalled", ["main", "all"])
def test_on_sigterm_a_worker_gives_the_rest_back_within_ten_seconds(
    service: Service, signalled: str
) -> None:
    main, *others = in_mid_send(service, signalled)
    began = time.monotonic()
    for pid in [main, *others] if signalled == "all" else [main]:
        os.kill(pid, signal.SIGTERM)
    while alive(main):
        assert time.monotonic() - began < 10
        time.sleep(0.05)
    assert_all_got_one(service, signalled)


def test_on_sigterm_a_process_gives_its_claim_back_and_the_others_go_on(service: Service) -> None:
    main, *others = in_mid_send(service, "one")
    os.kill(await_sender(service, others), signal.SIGTERM)
    assert_all_got_one(service, "one")
    assert alive(main)


def test_a_process_killed_while_it_checks_does_not_keep_the_others_from_checking() -> None:
    subprocess.run([sys.executable, "-c", KILLED_WHILE_CHECKING], cwd=TOP, check=True, timeout=60)


def in_mid_send(service: Service, slug: str) -> list[int]:
    """The sending processes, the main one first, with a tenth of a digest sent."""
    await_senders(service)
    before = len(service.caught())
    service.run(publish(slug))
    await_mails(service, more_than=before + READERS // 10)
    return sending_processes(service)


def assert_all_got_one(service: Service, slug: str) -> None:
    finished, candidates, sent, uncertain, waiting, balanced = await_end(service)
    copies = [len(mails) for to, mails in service.caught().items() if to.startswith(slug)]
    assert (finished, balanced, uncertain, waiting) == ("True", "True", "0", "0"), service.logs()
    assert int(sent) == int(candidates) == len(copies) == READERS
    assert max(copies) == 1


def await_sender(service: Service, pids: list[int]) -> int:
    """The first of these processes that holds the journal of a claim."""
    deadline = time.monotonic() + 30
    journals = service.data / "journals"
    while time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(OSError):
                files = Path(f"/proc/{pid}/fd").iterdir()
                if any(file.readlink().is_relative_to(journals) for file in files):
                    return pid
    pytest.fail(f"nobody sends; {service.logs()}")


def alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
