"""A broker that is away, or hangs, costs a page a moment and loses nothing."""

import ast
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from foundation.enqueue import enqueue, enqueue_on_commit

TOP = Path(settings.BASE_DIR)
ROOMS = (
    "bulletin_site",
    "backoffice",
    "digests",
    "issues",
    "subscribers",
    "publications",
    "audit_log",
    "mail",
)


@pytest.fixture
def hanging_broker() -> Iterator[Celery]:
    """An app with the service's settings, whose broker takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        app = Celery(set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield app
        app.close()


def test_a_broker_that_hangs_is_waited_for_for_seconds(
    hanging_broker: Celery, caplog: pytest.LogCaptureFixture
) -> None:
    @hanging_broker.task(name="tests.wake")
    def wake(_key: int, _token: str) -> None:
        """Nothing is to be done."""

    began = time.monotonic()
    assert not enqueue(wake, 7, "a-token")
    assert time.monotonic() - began < 10
    assert "tests.wake not enqueued [7]" in caplog.text
    assert "a-token" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_what_is_enqueued_on_commit_waits_for_it() -> None:
    app, done = Celery(set_as_current=False), []
    app.conf.task_always_eager = True

    @app.task
    def wake(key: int) -> None:
        done.append(key)

    with transaction.atomic():
        enqueue_on_commit(wake, 7)
        assert not done
    assert done == [7]


def test_nobody_else_enqueues() -> None:
    spellings = {"delay", "apply_async", "send_task", "delay_on_commit", "apply_async_on_commit"}
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}"
        for room in ROOMS
        for path in (TOP / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr in spellings
    ]
    assert found == []
