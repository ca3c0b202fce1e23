"""A worker that is told to end (SIGTERM) ends soon, with nothing in doubt; the rest is sent on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import Service
from tests.journeys.test_killed_workers import (
    PUBLISH,
    READERS,
    await_end,
    await_mails,
    sending_processes,
)

pytestmark = [pytest.mark.redis, pytest.mark.timeout(300)]


def test_a_worker_told_to_end_gives_the_rest_back_within_ten_seconds(service: Service) -> None:
    service.run(PUBLISH)
    await_mails(service, more_than=READERS // 10)
    main = sending_processes(service)[0]
    began = time.monotonic()
    os.kill(main, signal.SIGTERM)
    while alive(main):
        assert time.monotonic() - began < 10
        time.sleep(0.05)
    finished, candidates, sent, uncertain, waiting, balanced = await_end(service)
    copies = [len(mails) for mails in service.caught().values()]
    assert (finished, balanced, uncertain, waiting) == ("True", "True", "0", "0"), service.logs()
    assert int(sent) == int(candidates) == len(copies) == READERS
    assert max(copies) == 1


def alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
