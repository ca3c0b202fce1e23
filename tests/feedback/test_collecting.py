"""What a mail server keeps for us is fetched, written down, and only then put away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pytest_django.fixtures import Settings

from digests import feedback, tasks
from digests.feedback import CannotFetch, Receipt
from digests.models import Delivery, Feedback
from tests.feedback import dovecot
from tests.feedback.conftest import LATER, key_of, mail
from tests.feedback.dovecot import Dovecot


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
    return dict(feedback.collect(url, clock=lambda: LATER))


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
