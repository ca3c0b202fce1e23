"""What a mail server keeps for us is fetched, written down, and only then put away."""

from __future__ import annotations

import io
import os
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, DataError, connection
from pytest_django.fixtures import Settings
from redis import Redis

from digests import bounces, tasks
from digests.bounces import CannotFetch, Receipt, chaining
from digests.models import Delivery, Feedback
from tests.bounces import dovecot
from tests.bounces.dovecot import Dovecot
from tests.support.returned_mails import LATER, key_of, mail


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / name).mkdir(parents=True)
    return tmp_path / "bounces"


@pytest.fixture
def mails(delivery: Delivery) -> list[bytes]:
    """A bounce, the same again, and advertising."""
    bounce = mail("postfix-gone", key_of(delivery))
    return [bounce, bounce, b"To: bounces@bounces.example.org\r\nSubject: Buy\r\n\r\nBuy!\r\n"]


def collect(url: str) -> dict[Receipt, int]:
    return dict(bounces.collect(url, clock=lambda: LATER).receipts)


NOBODY = 65_534  # the user without rights, on every Linux
EACH_ONCE = {Receipt.RECORDED: 1, Receipt.KNOWN: 1, Receipt.STRANGE: 1}


def fill(maildir: Path, mails: list[bytes]) -> None:
    for n, data in enumerate(mails):
        (maildir / "new" / f"{n}.host").write_bytes(data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_maildir_is_emptied_into_the_ledger(maildir: Path, mails: list[bytes]) -> None:
    fill(maildir, mails)
    assert collect(f"maildir://{maildir}") == EACH_ONCE
    assert names(maildir / "new") == []
    assert names(maildir / "cur") == ["0.host:2,S", "1.host:2,S", "2.host:2,S"]
    assert collect(f"maildir://{maildir}") == {}


def test_what_cannot_be_written_down_stays_in_the_maildir(
    maildir: Path, mails: list[bytes]
) -> None:
    def no_database(*_: object) -> object:
        raise DatabaseError

    fill(maildir, mails)
    with connection.execute_wrapper(no_database), pytest.raises(DatabaseError):
        collect(f"maildir://{maildir}")
    assert names(maildir / "new") == ["0.host", "1.host", "2.host"]


@pytest.mark.timeout(30)
def test_what_is_no_file_is_skipped_by_name_and_all_behind_it_is_read(
    maildir: Path, mails: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    fill(maildir, mails)
    (maildir / "new" / "0folder").mkdir()
    (maildir / "new" / "0loop").symlink_to("0loop")
    os.mkfifo(maildir / "new" / "0pipe")
    (maildir / "cur" / "1.host:2,S").mkdir()  # so that this one cannot be moved
    visit = bounces.collect(f"maildir://{maildir}", clock=lambda: LATER)
    assert visit.receipts == EACH_ONCE
    assert visit.skipped == ["0folder", "0loop", "0pipe", "1.host"]
    assert caplog.text.count("'0folder', '0loop', '0pipe', '1.host'") == 1
    assert names(maildir / "new") == ["0folder", "0loop", "0pipe", "1.host"]


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A Maildir of somebody who is not root, below folders that anybody may enter."""
    with TemporaryDirectory() as folder:
        for name in ("", "new", "cur", "tmp"):
            path = Path(folder, name)
            path.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        yield Path(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: be somebody else as long as it lasts."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_mail_without_permission_is_skipped(nobodys: Path, mails: list[bytes]) -> None:
    assert collect(f"maildir://{nobodys}") == {}  # and all modules are loaded
    fill(nobodys, mails)
    (nobodys / "new" / "0.host").chmod(0)
    with as_nobody():
        visit = bounces.collect(f"maildir://{nobodys}", clock=lambda: LATER)
    assert visit.skipped == ["0.host"]
    assert sum(visit.receipts.values()) == 2


def test_one_mail_that_the_database_does_not_take_keeps_no_other_from_it(
    maildir: Path, mails: list[bytes]
) -> None:
    def not_that_one(execute: Any, sql: str, params: Any, many: bool, context: Any) -> object:
        if "digests_feedback" in sql and "INSERT" in sql and "soft_bounce" in params:
            raise DataError
        return execute(sql, params, many, context)

    key = mails[0].partition(b"bounces+")[2].partition(b"@")[0].decode()
    fill(maildir, [mail("postfix-full", key), *mails])
    with connection.execute_wrapper(not_that_one):
        visit = bounces.collect(f"maildir://{maildir}", clock=lambda: LATER)
    assert visit.skipped == ["0.host"]
    assert visit.receipts == EACH_ONCE
    assert names(maildir / "new") == ["0.host"]


def test_a_visit_ends_when_its_time_is_over_and_says_that_there_is_more(
    maildir: Path, mails: list[bytes]
) -> None:
    fill(maildir, mails)
    for left in (2, 1, 0):
        visit = bounces.collect(f"maildir://{maildir}", clock=lambda: LATER, seconds=0)
        assert (visit.more, len(names(maildir / "new"))) == (True, left)
    assert not bounces.collect(f"maildir://{maildir}", clock=lambda: LATER, seconds=0).more


@pytest.mark.redis
def test_the_task_is_enqueued_again_until_the_mailbox_is_empty(
    maildir: Path,
    mails: list[bytes],
    settings: Settings,
    counting: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(maildir, mails)
    settings.FEEDBACK_MAILBOX = f"maildir://{maildir}"
    monkeypatch.setattr(bounces.collect, "__kwdefaults__", {"seconds": 0})
    tasks.collect_feedback.delay()
    assert names(maildir / "new") == []
    assert not counting.keys("*")


@pytest.mark.redis
def test_while_one_chain_of_visits_is_at_it_no_other_begins(
    maildir: Path, mails: list[bytes], settings: Settings, counting: Redis
) -> None:
    fill(maildir, mails)
    settings.FEEDBACK_MAILBOX = f"maildir://{maildir}"
    token = chaining.begin()
    assert token
    tasks.collect_feedback.delay()
    tasks.collect_feedback.delay("a chain that was given up")
    assert len(names(maildir / "new")) == 3
    tasks.collect_feedback.delay(token)
    assert names(maildir / "new") == []


def test_a_mail_of_any_size_is_read_at_its_beginning(maildir: Path, mails: list[bytes]) -> None:
    fill(maildir, [mails[0] + b"x" * 5_000_000])
    assert collect(f"maildir://{maildir}") == {Receipt.RECORDED: 1}


def test_the_command_says_how_much_came(maildir: Path, mails: list[bytes]) -> None:
    fill(maildir, mails)
    said = io.StringIO()
    call_command("collect_feedback", maildir=maildir, stdout=said)
    assert Feedback.objects.count() == 1
    assert "1" in said.getvalue()


@pytest.mark.parametrize("place", ["", "/nowhere/at/all"])
def test_the_command_needs_a_mailbox(place: str) -> None:
    with pytest.raises(CommandError):
        call_command("collect_feedback", maildir=Path(place) if place else None)


def test_the_task_collects_from_the_mailbox_that_is_set(
    maildir: Path, mails: list[bytes], settings: Settings
) -> None:
    fill(maildir, mails)
    settings.FEEDBACK_MAILBOX = f"maildir://{maildir}"
    tasks.collect_feedback.delay()
    assert Feedback.objects.count() == 1


def test_the_task_says_in_the_log_that_the_mailbox_is_away_but_not_its_password(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FEEDBACK_MAILBOX = "imaps://bounces:secret@localhost:1/INBOX"
    tasks.collect_feedback.delay()
    assert "feedback was not collected: localhost" in caplog.text
    assert "secret" not in caplog.text


def test_a_bounce_with_control_characters_is_recorded_and_stops_no_other(
    maildir: Path, mails: list[bytes]
) -> None:
    odd = mails[0].replace(b"Diagnostic-Code: smtp; ", b"Diagnostic-Code: smtp; \0\x1b[31m")
    assert odd != mails[0]
    for n, data in enumerate([odd, *mails[2:]]):
        (maildir / "new" / f"{n}.host").write_bytes(data)
    found = collect(f"maildir://{maildir}")
    assert found == {Receipt.RECORDED: 1, Receipt.STRANGE: 1}
    assert Feedback.objects.get().detail.isprintable()


@pytest.fixture
def server() -> Iterator[Dovecot]:
    if reason := dovecot.missing():
        pytest.skip(reason)
    with dovecot.running() as running:
        yield running


@pytest.fixture
def mailbox(server: Dovecot, mails: list[bytes], monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    for n, data in enumerate(mails):
        server.deliver(data, f"{n}.host")
    return server


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_a_mailbox_is_emptied_into_the_ledger(mailbox: Dovecot, protocol: str) -> None:
    url = getattr(mailbox, protocol)
    assert collect(url) == EACH_ONCE
    assert collect(url) == {}


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_what_cannot_be_written_down_stays_in_the_mailbox(mailbox: Dovecot, protocol: str) -> None:
    def no_database(*_: object) -> object:
        raise DatabaseError

    url = getattr(mailbox, protocol)
    with connection.execute_wrapper(no_database), pytest.raises(DatabaseError):
        collect(url)
    assert sum(collect(url).values()) == 3


def refusing_one_mail(line: bytes, mail: bytes) -> bytes:
    """What a POP3 or IMAP server answers that has two mails, and does not give the first."""
    tag = line.split()[0]
    body = b"* 2 FETCH (UID 2 BODY[]<0> {%d}\r\n%s)\r\n" % (len(mail), mail)
    for asked, answer in {
        b"LIST": b"+OK\r\n1 10\r\n2 10\r\n.\r\n",
        b"RETR 1": b"-ERR that one is broken\r\n",
        b"RETR 2": b"+OK\r\n" + mail + b"\r\n.\r\n",
        b"SEARCH": b"* SEARCH 1 2\r\n" + tag + b" OK done\r\n",
        b"FETCH 1": tag + b" NO that one is broken\r\n",
        b"FETCH 2": body + tag + b" OK done\r\n",
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n",
        b"SELECT": b"* 2 EXISTS\r\n" + tag + b" OK [READ-WRITE]\r\n",
        b"LOGOUT": b"* BYE\r\n" + tag + b" OK done\r\n",
    }.items():
        if asked in line:
            return answer
    return (
        b"+OK\r\n" if tag.isalpha() and tag.isupper() and len(tag) == 4 else tag + b" OK done\r\n"
    )


@pytest.mark.parametrize("scheme", ["imaps", "pops"])
def test_a_mail_that_the_server_does_not_give_keeps_no_other_from_being_read(
    server: Dovecot, mails: list[bytes], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK\r\n" if scheme == "imaps" else b"+OK\r\n")
            while line := self.rfile.readline():
                self.wfile.write(refusing_one_mail(line, mails[0]))

    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.certificate.parent / "key.pem")
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as broken:
        broken.daemon_threads = True
        broken.socket = context.wrap_socket(broken.socket, server_side=True)
        threading.Thread(target=broken.serve_forever, daemon=True).start()
        url = f"{scheme}://bounces:x@localhost:{broken.server_address[1]}"
        visit = bounces.collect(url, clock=lambda: LATER)
        broken.shutdown()
    assert visit.skipped == ["1"]
    assert visit.receipts == {Receipt.RECORDED: 1}


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_what_was_dealt_with_is_put_away_where_a_visit_ends_early(
    mailbox: Dovecot, protocol: str
) -> None:
    url = getattr(mailbox, protocol)
    assert bounces.collect(url, clock=lambda: LATER, seconds=0).more
    assert sum(collect(url).values()) == 2


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_a_wrong_password_is_said_without_it(mailbox: Dovecot, protocol: str) -> None:
    url = getattr(mailbox, protocol).replace("p%40ss", "wrong")
    with pytest.raises(CannotFetch) as error:
        collect(url)
    assert "wrong" not in str(error.value)


def test_a_server_whose_certificate_nobody_signed_gets_no_password(
    mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(CannotFetch, match="CERTIFICATE_VERIFY_FAILED"):
        collect(mailbox.imap)
