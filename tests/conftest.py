"""What every test stands on: mail in memory, tasks that run at once, files of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings
from redis import Redis

from bulletin_site.celery import app as celery_app
from digests.models import BEAT, Heartbeat
from digests.monitoring import QUEUES
from mail.servers import Server
from publications.models import Bulletin
from tests.support.embedded import serving
from tests.support.factories import a_bulletin
from tests.support.mail_server import MailServer
from tests.support.ports import free_ports

# What lands is decided by the same examples each time; on a laptop new ones are drawn. No example
# has to be done by some time: a busy machine is no fault.
hypothesis_settings.register_profile("landing", derandomize=True, deadline=None)
hypothesis_settings.register_profile("laptop", deadline=None)
hypothesis_settings.load_profile("landing" if os.environ.get("CI") else "laptop")

SHARED_SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"


@pytest.fixture(scope="session", autouse=True)
def _tasks_run_at_once() -> None:
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)


@pytest.fixture(autouse=True)
def _own_settings(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path  # and not where the processes beside this one find its journals
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.RATE_LIMIT_STORAGE_URL = "memory://"  # and not the Redis that others count in, too
    settings.REDIS_URL, settings.REDIS_SOCKET = "", tmp_path / "none.sock"
    settings.SIGN_UPS_PER_HOUR = settings.NETWORK_SIGN_UPS_PER_HOUR = 1_000_000
    settings.SITE_SIGN_UPS_PER_HOUR = settings.SITE_SIGN_UPS_PER_DAY = 1_000_000
    settings.SIGN_UPS_ALARM = 1_000_000
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    shutil.rmtree(tmp_path / "media", ignore_errors=True)


@pytest.fixture(scope="session")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Redis, Path]]:
    """The embedded Redis, and where it listens."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "redis.sock"
        with serving(where, tmp_path_factory.mktemp("service") / "redis") as client:
            yield client, where


@pytest.fixture
def counting(own_redis: tuple[Redis, Path], settings: Settings) -> Redis:
    """An empty Redis in which rates and failures are counted."""
    client, settings.REDIS_SOCKET = own_redis
    client.flushdb()
    return client


@pytest.fixture
def at_work(counting: Redis, db: None) -> Redis:
    """Workers and a beat that are heard whenever somebody asks, and an empty Redis."""
    for name in (BEAT, *QUEUES):
        Heartbeat.objects.record(name, at=datetime(2100, 1, 1, tzinfo=UTC))
    return counting


@pytest.fixture
def socket() -> Iterator[Path]:
    """Where a server of a test's own can listen: a path short enough for a socket (unix(7))."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "redis.sock"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A running mail server that the settings point to."""
    (port,) = free_ports(1)
    server = MailServer(port=port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = (Server("127.0.0.1", port),)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port  # for other backends
    yield server
    controller.stop()


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    """A bulletin in English, without topics."""
    return a_bulletin()


@pytest.fixture
def editor(db: None) -> Client:
    """The browser of an editor who may do everything, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("editor"))
    return client
