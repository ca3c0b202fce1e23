"""Sessions are kept, share the work, and end without taking their neighbours along."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from ssl import Purpose, SSLContext, create_default_context

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as TheirSession
from pytest_django.fixtures import Settings
from redis import Redis

from mail.delivery import (
    Accepted,
    Deferred,
    Message,
    Outcome,
    Rejected,
    ServerUnreachable,
    Session,
    Uncertain,
)
from mail.delivery.server_group import ServerGroup
from mail.rate_limits import circuit_breakers
from mail.servers import Server
from tests.support.flaky_server import DRIP, END_OF_TEXT, HANG, LATE, FlakyServer
from tests.support.ports import free_ports
from tests.support.smtp import a_message, deliver

MANY = [a_message(f"{n}@example.org", text=str(n)) for n in range(30)]


def test_one_session_brings_all_messages_in_their_order(flaky: FlakyServer) -> None:
    deliver(Server("127.0.0.1", flaky.port), *MANY)
    assert flaky.texts == [message.data for message in MANY]
    assert flaky.sessions == 1


def test_several_sessions_bring_each_message_once(flaky: FlakyServer) -> None:
    deliver(Server("127.0.0.1", flaky.port), *MANY, sessions=4)
    assert sorted(flaky.texts) == sorted(message.data for message in MANY)
    assert flaky.sessions == 4


def test_a_server_that_wants_few_messages_in_a_session_gets_more_sessions(
    flaky: FlakyServer,
) -> None:
    flaky.messages_per_session = 7
    outcomes = deliver(Server("127.0.0.1", flaky.port), *MANY, sessions=2)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert sorted(flaky.texts) == sorted(message.data for message in MANY)


@pytest.mark.parametrize(("remembered", "tried"), [(60.0, 3), (0.0, 4)])
def test_a_session_too_many_does_not_keep_the_others_and_is_not_tried_again_soon(
    flaky: FlakyServer, monkeypatch: pytest.MonkeyPatch, remembered: float, tried: int
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._FURTHER_SECONDS", 0.3)
    monkeypatch.setattr("mail.smtp.connection_pool._SESSION_LIMIT_SECONDS", remembered)
    flaky.max_connections = 2
    outcomes: dict[int, Outcome] = {}
    began = time.monotonic()
    with closing(ServerGroup([Server("127.0.0.1", flaky.port)], sessions=4)) as server_group:
        for _ in range(2):
            server_group.deliver(
                iter(enumerate(MANY)), on_progress=lambda some, _: outcomes.update(some)
            )
    assert time.monotonic() - began < 3
    assert {type(outcome) for outcome in outcomes.values()} == {Accepted}
    assert sorted(flaky.texts) == sorted(2 * [message.data for message in MANY])
    assert flaky.sessions == tried


def test_a_message_larger_than_what_the_socket_takes_arrives_whole(flaky: FlakyServer) -> None:
    large = a_message(text="x" * 76 + "\r\n" * 200_000)
    assert isinstance(deliver(Server("127.0.0.1", flaky.port), large, a_message())[0], Accepted)
    assert flaky.texts[0] == large.data


def test_a_message_in_more_pieces_than_one_system_call_takes_arrives_whole(
    flaky: FlakyServer,
) -> None:
    head = b"Subject: News\r\n\r\n.\r\n"
    pieces = [head, *(b"%05d" % n * 10 + b"\r\n" for n in range(3000))]
    mail = Message("a@example.org", "b@example.org", pieces)
    deliver(Server("127.0.0.1", flaky.port), mail, mail)
    assert flaky.texts == [b"".join([head.replace(b"\n.", b"\n.."), *pieces[1:]])] * 2


@pytest.mark.parametrize("reply", [HANG, DRIP, f"{LATE}250 2.0.0 Kept"])
def test_a_message_without_a_reply_in_time_is_uncertain(flaky: FlakyServer, reply: str) -> None:
    flaky.replies = {END_OF_TEXT: reply}
    began = time.monotonic()
    server = Server("127.0.0.1", flaky.port, timeout=0.2, final=0.3)
    (outcome,) = deliver(server, a_message())
    assert isinstance(outcome, Uncertain)
    assert time.monotonic() - began < 2


def test_the_reply_to_a_whole_text_is_waited_for_longer_than_others(flaky: FlakyServer) -> None:
    flaky.replies = {END_OF_TEXT: f"{LATE}250 2.0.0 Kept"}
    server = Server("127.0.0.1", flaky.port, timeout=0.3)
    assert isinstance(deliver(server, a_message())[0], Accepted)
    assert isinstance(deliver(replace(server, timeout=3, final=0.3), a_message())[0], Accepted)


@pytest.mark.parametrize("reply", [HANG, DRIP])
@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["plain", "pipelining"])
def test_a_command_without_a_reply_in_time_ends_the_session(
    flaky: FlakyServer, extensions: tuple[str, ...], word: str, reply: str
) -> None:
    flaky.replies, flaky.extensions = {word: reply}, extensions
    began = time.monotonic()
    (outcome,) = deliver(Server("127.0.0.1", flaky.port, timeout=0.3), a_message())
    assert isinstance(outcome, Deferred)
    assert time.monotonic() - began < 2


def test_a_server_without_a_greeting_is_unreachable(flaky: FlakyServer) -> None:
    flaky.replies = {"CONNECT": HANG}
    (outcome,) = deliver(Server("127.0.0.1", flaky.port, timeout=0.3), a_message())
    assert isinstance(outcome, ServerUnreachable)


def test_where_nobody_listens_the_server_is_unreachable_and_nothing_more_is_drawn() -> None:
    outcomes = deliver(Server("127.0.0.1", 9), a_message(), a_message())
    assert [type(outcome) for outcome in outcomes] == [ServerUnreachable]


class StoppedDelivery:
    """A delivery of endless messages that is asked to stop with the first that is begun, or
    `settled`; from then on the server replies to a text as `then` says."""

    def __init__(
        self, flaky: FlakyServer, *, then: str, after: str = "begun", sessions: int = 1
    ) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.begun: list[int] = []
        self._server, self._then, self._after, self._stopped_at = flaky, then, after, 0.0
        server = Server("127.0.0.1", flaky.port, timeout=20)
        with closing(ServerGroup([server], sessions=sessions)) as server_group:
            self.wait = server_group.deliver(
                ((n, a_message(f"{n}@example.org")) for n in count()),
                on_progress=self._on_progress,
                should_stop=lambda: bool(self._stopped_at),
            )
        self.lasted = time.monotonic() - self._stopped_at

    def _on_progress(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        self.outcomes.update(settled)
        self.begun += begun
        if not self._stopped_at and (begun if self._after == "begun" else settled):
            self._server.replies[END_OF_TEXT] = self._then
            self._stopped_at = time.monotonic()


@pytest.mark.parametrize("then", [HANG, DRIP])
def test_once_it_should_stop_a_reply_is_not_waited_for_long(
    flaky: FlakyServer, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._STOP_SECONDS", 0.5)
    stopped = StoppedDelivery(flaky, then=then)
    assert isinstance(stopped.outcomes[0], Uncertain)
    assert stopped.lasted < 3


def test_once_it_should_stop_nothing_is_begun_and_no_session_opened(
    flaky: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._STOP_SECONDS", 0.5)
    stopped = StoppedDelivery(flaky, then=HANG, after="settled")
    assert {n: type(outcome) for n, outcome in stopped.outcomes.items()} == {
        0: Accepted,
        1: Uncertain,
    }
    assert stopped.begun == [0, 1]
    assert flaky.sessions == 1
    assert stopped.lasted < 3


@pytest.fixture(params=["CONNECT", "EHLO", "STARTTLS", "AUTH", "TLS", "no connection"])
def stuck(request: pytest.FixtureRequest, flaky: FlakyServer) -> Iterator[Server]:
    """A server with which no session comes about: it hangs at one of the steps."""
    server = Server("127.0.0.1", flaky.port, timeout=20)
    match request.param:
        case "TLS":
            flaky.replies = {"CONNECT": HANG}
            yield replace(server, tls=True)
        case "STARTTLS":
            flaky.replies = {"STARTTLS": HANG}
            yield replace(server, starttls=True)
        case "no connection":
            with (
                socket.create_server(("127.0.0.1", 0), backlog=0) as full,
                socket.create_connection(full.getsockname()),
            ):
                yield replace(server, port=full.getsockname()[1])
        case word:
            flaky.replies = {word: HANG}
            yield replace(server, user="letters", password="open sesame")


def test_once_it_should_stop_no_session_is_opened_to_the_end(stuck: Server) -> None:
    began = time.monotonic()
    noted: list[object] = []
    with closing(ServerGroup([stuck], sessions=1)) as server_group:
        wait = server_group.deliver(
            iter(enumerate(MANY)),
            on_progress=lambda *each: noted.append(each),
            should_stop=lambda: time.monotonic() > began + 0.2,
        )
    assert time.monotonic() - began < 2
    assert (wait, noted) == (None, [])


@pytest.mark.parametrize("word", ["CONNECT", "EHLO", "AUTH"])
def test_a_session_is_opened_in_time_as_a_whole(flaky: FlakyServer, word: str) -> None:
    flaky.replies = {word: DRIP}
    server = Server("127.0.0.1", flaky.port, user="letters", password="open sesame", timeout=0.5)
    began = time.monotonic()
    (outcome,) = deliver(server, a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "replies", [{END_OF_TEXT: HANG}, {"CONNECT": HANG}], ids=["text", "greeting"]
)
@pytest.mark.parametrize("asked_to_stop", [True, False])
def test_a_single_message_is_not_waited_for_long(
    flaky: FlakyServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    replies: dict[str, str],
    asked_to_stop: bool,
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._STOP_SECONDS", 0.3)
    monkeypatch.setattr("mail.delivery.single_messages._MAX_SECONDS", 20 if asked_to_stop else 0.3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = [Server("127.0.0.1", flaky.port)]
    flaky.replies = replies
    began = time.monotonic()
    with closing(
        Session(should_stop=lambda: asked_to_stop and time.monotonic() > began + 0.3)
    ) as session:
        outcome = session.send(a_message())
    assert type(outcome) is (Uncertain if END_OF_TEXT in replies else ServerUnreachable)
    assert time.monotonic() - began < 3


@pytest.mark.redis
def test_stopping_opens_no_circuit(counting: Redis, flaky: FlakyServer) -> None:
    stopped = StoppedDelivery(flaky, then="250 2.0.0 Kept", sessions=2)
    assert {type(outcome) for outcome in stopped.outcomes.values()} == {Accepted}
    assert sorted(stopped.begun) == sorted(stopped.outcomes)
    assert stopped.wait is None
    assert circuit_breakers.all_open() == {}
    assert stopped.lasted < 3


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<c@d>", "a b@c", "<a@b>", ""])
def test_an_address_that_would_break_the_command_is_refused(
    flaky: FlakyServer, address: str
) -> None:
    outcomes = deliver(Server("127.0.0.1", flaky.port), a_message(address), a_message())
    assert [type(outcome) for outcome in outcomes] == [Rejected, Accepted]


def test_an_address_beyond_ascii_needs_a_server_that_knows_of_it(flaky: FlakyServer) -> None:
    server = Server("127.0.0.1", flaky.port)
    assert isinstance(deliver(server, a_message("水@example.org"))[0], Accepted)
    flaky.extensions = ("PIPELINING",)
    assert isinstance(deliver(server, a_message("水@example.org"))[0], Rejected)


def test_text_beyond_ascii_is_announced(flaky: FlakyServer) -> None:
    deliver(Server("127.0.0.1", flaky.port), a_message(text="水"), a_message())
    assert [command for command in flaky.commands if command.startswith("MAIL")] == [
        "MAIL FROM:<letters@example.org> BODY=8BITMIME",
        "MAIL FROM:<letters@example.org>",
    ]


class Handler:
    """Accepts every message."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: TheirSession, envelope: Envelope) -> str:
        self.texts.append(envelope.original_content or b"")
        return "250 Kept"


def _knows(
    server: SMTP, session: TheirSession, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = LoginPassword(b"letters", b"open sesame")
    return AuthResult(success=data == right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, with its key, signed by itself."""
    pem = tmp_path_factory.mktemp("tls") / "localhost.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", pem, "-out", f"{pem}.crt"),
        ],
        check=True,
        capture_output=True,
    )
    pem.write_text(pem.read_text() + Path(f"{pem}.crt").read_text())
    return pem


@pytest.fixture
def context(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> SSLContext:
    """The server's side of TLS; our side trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = create_default_context(Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def tls_server(context: SSLContext) -> Iterator[tuple[Handler, int]]:
    """A server that wants STARTTLS and a password, and the port where it listens."""
    kept, (port,) = Handler(), free_ports(1)
    controller = Controller(
        kept, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
        auth_required=True, auth_require_tls=True, authenticator=_knows,
    )  # fmt: skip
    controller.start()
    yield kept, port
    controller.stop()


def secured(port: int, *, password: str = "open sesame", host: str = "localhost") -> Server:
    return Server(host, port, user="letters", password=password, starttls=True, timeout=10)


def test_starttls_and_a_password(tls_server: tuple[Handler, int]) -> None:
    kept, port = tls_server
    messages = [a_message(text=1000 * f"{60 * chr(120)}\r\n"), *MANY[:5]]
    outcomes = deliver(secured(port), *messages, sessions=2)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert sorted(kept.texts) == sorted(message.data for message in messages)


def test_a_wrong_password_makes_the_server_unreachable_and_fails_no_reader(
    tls_server: tuple[Handler, int],
) -> None:
    (outcome,) = deliver(secured(tls_server[1], password="guessed"), a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert outcome.code == 535


def test_a_certificate_of_somebody_else_is_not_believed(tls_server: tuple[Handler, int]) -> None:
    (outcome,) = deliver(secured(tls_server[1], host="127.0.0.1"), a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert tls_server[0].texts == []


def test_a_server_without_tls_does_not_get_the_password(flaky: FlakyServer) -> None:
    flaky.replies = {"STARTTLS": "502 5.5.1 No"}
    (outcome,) = deliver(secured(flaky.port), a_message())
    assert isinstance(outcome, Deferred)
    assert not [command for command in flaky.commands if command.startswith("AUTH")]


def test_replies_before_tls_are_not_taken_for_the_servers(flaky: FlakyServer) -> None:
    flaky.replies = {"STARTTLS": "220 Go on\r\n250-AUTH PLAIN\r\n250 injected"}
    (outcome,) = deliver(secured(flaky.port), a_message())
    assert isinstance(outcome, ServerUnreachable)


@pytest.mark.parametrize("offered", ["PLAIN LOGIN", "LOGIN"])
def test_the_password_is_sent_by_a_mechanism_that_is_offered(
    flaky: FlakyServer, offered: str
) -> None:
    flaky.extensions = (f"AUTH {offered}", "PIPELINING")
    flaky.replies = {"AUTH": "235 2.7.0 Welcome" if "PLAIN" in offered else "334 VXNlcm5hbWU6"}
    flaky.replies |= {"bGV0dGVycw==": "334 UGFzc3dvcmQ6"}
    server = Server("127.0.0.1", flaky.port, user="letters", password="open sesame")
    deliver(server, Message("a@example.org", "b@example.org", [b"\r\n"]))
    assert [command.split()[1] for command in flaky.commands if command.startswith("AUTH")] == [
        offered.split(maxsplit=1)[0]
    ]


def test_the_times_of_a_server_stand_in_its_address() -> None:
    assert (Server.of("smtp://h").timeout, Server.of("smtp://h").final) == (20, 240)
    server = Server.of("smtp://h?timeout=4&final=6.5")
    assert (server.timeout, server.final) == (4, 6.5)


@pytest.mark.parametrize(
    "host", ["mail..example.org", ".example.org", f"{64 * 'a'}.example", "水..cn"]
)
def test_a_host_that_no_name_server_could_know_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"no name of a host"):
        Server.of(f"smtp://{host}")


@pytest.mark.parametrize(
    "host", ["localhost", "mail.example.org.", "邮件.example", "127.0.0.1", "[::1]"]
)
def test_a_host_that_there_may_be_is_not(host: str) -> None:
    assert Server.of(f"smtp://{host}:25").host == host.strip("[]")
