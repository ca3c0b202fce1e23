"""The whole service, started as its operator would, with a database and a mailbox of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import SHARED_SAMPLES
from tests.support.ports import free_ports
from tests.support.service import CHROMIUM, TOP, Service, await_site, own_database


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`manage.py serve`, ended at the end as Ctrl-C ends it."""
    data = tmp_path_factory.mktemp("service")
    web, catcher, smtp = free_ports(3)
    url = f"http://localhost:{web}"
    with own_database(data) as database:
        environment = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(data),
            "PORT": str(web),
            "CATCHER_PORT": str(catcher),
            "CATCHER_SMTP_PORT": str(smtp),
            "SITE_URL": url,
            "SEND_LEASE_SECONDS": "4",
            "LANGUAGE_CODE": "en",
            **database,
        }
        process = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=TOP, env=environment)
        running = Service(url, environment, process)
        try:
            await_site(running)
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.wait(60)
        assert ended == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; the test is skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",  # /dev/shm is 64 MB in many containers
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def issue_pdf() -> Path:
    """The real issue where it is there, else the sample that the project ships."""
    real = SHARED_SAMPLES / "bulletin-4.0-2022-07.pdf"
    return real if real.exists() else TOP / "samples" / "yunze-2026-09.pdf"
