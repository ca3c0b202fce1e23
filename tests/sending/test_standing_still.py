"""A digest that stands still says why, wherever somebody looks."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from pytest_django.fixtures import Settings
from redis import Redis

from digests import progress_sentences, publishing, reporting, sending
from digests.models import BEAT, Batch, Digest, Heartbeat
from digests.reporting import State
from issues.models import Issue
from mail.servers import Server
from tests.support.factories import (
    NOON,
    a_bulletin,
    a_digest,
    a_draft,
    a_reader,
    an_issue,
    topics_of,
    weather,
)
from tests.support.flaky_server import FlakyServer, serving

pytestmark = [pytest.mark.django_db, pytest.mark.redis]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def digest(at_work: Redis, settings: Settings) -> Digest:
    """A digest for two readers."""
    settings.SEND_SESSIONS = 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9),)
    bulletin = a_bulletin()
    (topic,) = topics_of(bulletin, ["Water"])
    for name in ("a", "b"):
        a_reader(bulletin, f"{name}@example.org", topics=[topic])
    a_digest(a_draft(bulletin, {"Water": topic}), at=NOON)
    return Digest.objects.get()


def state(digest: Digest, *, at: datetime = NOON) -> State:
    return reporting.report(digest, at=at).state


def said(digest: Digest, language: str = "en", *, at: datetime = NOON) -> str:
    with translation.override(language):
        return progress_sentences.sentence(digest, reporting.report(digest, at=at))


def try_to_send(digest: Digest) -> None:
    assert sending.send(digest, clock=lambda: NOON, seconds=30) == 0


@contextmanager
def untrusted(folder: Path) -> Iterator[Server]:
    """A server whose certificate nobody signed but itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def refuse() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(10)
                context.wrap_socket(connection, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = Thread(target=refuse)
        thread.start()
        yield Server("127.0.0.1", listening.getsockname()[1], tls=True)
        thread.join()


@contextmanager
def stripped(_folder: Path) -> Iterator[Server]:
    """A server that knows no STARTTLS, or somebody in between who took it away."""
    with serving(FlakyServer(replies={"STARTTLS": "502 5.5.1 Not known"})) as odd:
        yield Server("127.0.0.1", odd.port, starttls=True)


@contextmanager
def nameless(_folder: Path) -> Iterator[Server]:
    """A name that no name server knows (RFC 6761, 6.4)."""
    yield Server("mail.invalid", 25)


@contextmanager
def closed(_folder: Path) -> Iterator[Server]:
    """A port where nobody listens."""
    yield Server("127.0.0.1", 9)


@contextmanager
def silent(_folder: Path) -> Iterator[Server]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Server("127.0.0.1", listening.getsockname()[1], timeout=0.2)


@contextmanager
def suspicious(_folder: Path) -> Iterator[Server]:
    """A server that does not take our password."""
    odd = FlakyServer(replies={"AUTH": "535 5.7.8 Bad credentials"}, extensions=("AUTH PLAIN",))
    with serving(odd):
        yield Server("127.0.0.1", odd.port, user="us", password="geheim")


@contextmanager
def unwilling(_folder: Path) -> Iterator[Server]:
    """A server that is about to close."""
    with serving(
        FlakyServer(replies={"CONNECT": "421 4.3.2 Maintenance, ask ops@example.org"})
    ) as odd:
        yield Server("127.0.0.1", odd.port)


@pytest.mark.parametrize(
    ("troubled", "english", "chinese"),
    [
        (untrusted, "its certificate is not trusted", "证书不受信任"),
        (stripped, "no encrypted connection with it can be made", "无法与其建立加密连接"),
        (nameless, "its name is not found", "找不到该主机名"),
        (closed, "nobody listens there", "该端口没有服务"),
        (silent, "it does not answer", "没有应答"),
        (suspicious, "does not accept our user name and password", "不接受所设的用户名和密码"),
        (
            unwilling,
            "It says: 421 4.3.2 Maintenance, ask <…>",
            "其答复为：421 4.3.2 Maintenance, ask <…>",
        ),
    ],
)
def test_a_mail_server_that_takes_nothing_is_named_with_its_reason(  # noqa: PLR0917
    digest: Digest,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    troubled: Callable[[Path], AbstractContextManager[Server]],
    english: str,
    chinese: str,
) -> None:
    with troubled(tmp_path) as server:
        settings.MAIL_SERVERS = (server,)
        try_to_send(digest)
        assert state(digest) is State.STANDING_STILL
        assert said(digest).startswith("0 of 2 readers are done.")
        assert f"The mail server {server} has taken nothing since " in said(digest)
        assert english in said(digest)
        assert chinese in said(digest, "zh-hans")
    (opening,) = [line for line in caplog.messages if "open for" in line]
    assert opening.rpartition(" s: ")[2]
    assert "geheim" not in caplog.text + said(digest)


def test_it_is_said_on_every_page_and_by_the_command(
    digest: Digest, settings: Settings, editor: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9),)
    try_to_send(digest)
    words = "The mail server 127.0.0.1:9 has taken nothing since"
    for page in (
        "/admin/",
        f"/admin/digests/digest/{digest.pk}/change/",
        f"/admin/issues/issue/{digest.issue_id}/change/",
    ):
        assert words in editor.get(page).content.decode(), page
    polled = editor.get(f"/admin/digests/digest/{digest.pk}/progress/").json()
    assert words in polled["sentence"]
    assert polled["wrong"]
    with pytest.raises(SystemExit) as ended:
        call_command("digest_status", str(digest.pk))
    assert ended.value.code == 6
    output = capsys.readouterr().out
    assert "has taken nothing since" in output
    assert "Connection refused" in output


def test_while_one_of_two_servers_takes_mail_it_does_not_stand_still(
    digest: Digest, settings: Settings
) -> None:
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9),)
    try_to_send(digest)
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9), Server("127.0.0.1", 10))
    assert state(digest) is State.UNDER_WAY


def test_the_time_is_that_of_the_first_failure(digest: Digest, settings: Settings) -> None:
    settings.MAIL_SERVERS = (Server("127.0.0.1", 9),)
    try_to_send(digest)
    (first,) = reporting.report(digest, at=NOON).standstill.values()
    assert first.since
    assert abs(timezone.now() - first.since) < MINUTE


def test_a_worker_or_a_beat_that_is_not_alive_is_named(digest: Digest) -> None:
    assert state(digest) is State.UNDER_WAY
    Heartbeat.objects.filter(name="digests").update(seen_at=NOON - 2 * MINUTE)
    assert "No worker that sends digests has been heard since 2026-09-15 19:58." in said(digest)
    Heartbeat.objects.filter(name="digests").delete()
    assert "No worker that sends digests has been heard yet." in said(digest)
    Heartbeat.objects.update(seen_at=NOON + 2 * MINUTE)
    Heartbeat.objects.record("digests", at=NOON + 2 * MINUTE)
    Heartbeat.objects.filter(name=BEAT).update(seen_at=NOON)
    assert "The beat, which starts what is due, has" in said(digest, at=NOON + 2 * MINUTE)


def test_while_somebody_sends_the_beat_is_not_missed(digest: Digest) -> None:
    Heartbeat.objects.filter(name=BEAT).delete()
    Batch.objects.update(claim="x", leased_until=NOON + 5 * MINUTE)
    assert state(digest, at=NOON + 2 * MINUTE) is State.UNDER_WAY


def test_mails_that_nobody_sends_for_whatever_reason_are_reported(digest: Digest) -> None:
    assert state(digest, at=NOON + 9 * MINUTE) is State.UNDER_WAY
    assert "Mails have been due since" in said(digest, at=NOON + 11 * MINUTE)


def test_without_redis_workers_are_not_woken(digest: Digest, settings: Settings) -> None:
    settings.REDIS_SOCKET = Path("/nowhere.sock")
    assert "Redis does not answer" in said(digest)


def test_what_is_paused_or_stopped_does_not_stand_still(digest: Digest) -> None:
    Heartbeat.objects.all().delete()
    sending.pause(digest, at=NOON)
    digest.refresh_from_db()
    assert state(digest) is State.UNDER_WAY


def test_the_page_of_an_issue_says_that_nobody_reads(at_work: Redis, editor: Client) -> None:
    issue = an_issue(weather(), status=Issue.Status.UPLOADED)
    page, polled = (
        f"/admin/issues/issue/{issue.pk}/change/",
        f"/admin/issues/issue/{issue.pk}/state/",
    )
    words = "No worker that reads PDFs has been heard"
    assert words not in editor.get(page).content.decode()
    Heartbeat.objects.filter(name="reading").delete()
    assert words in editor.get(page).content.decode()
    assert words in editor.get(polled).json()["sentence"]


def test_the_command_shows_the_oldest_digest_that_is_not_finished(
    digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = a_bulletin("newer", name="Newer")
    publishing.publish(a_draft(newer, {"Fog": topics_of(newer, ["Fog"])[0]}), at=NOON + MINUTE)
    with pytest.raises(SystemExit):
        call_command("digest_status")
    assert f"#{digest.pk}" in capsys.readouterr().out
