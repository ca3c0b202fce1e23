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
from tests.journeys.conftest import free_ports
from tests.smtp.conftest import a_message, deliver
from tests.smtp.odd import DRIP, END, HANG, LATE, Odd

MANY = [a_message(f"{n}@example.org", text=str(n)) for n in range(30)]


def test_one_session_brings_all_messages_in_their_order(odd: Odd) -> None:
    deliver(Server("127.0.0.1", odd.port), *MANY)
    assert odd.texts == [message.data for message in MANY]
    assert odd.sessions == 1


def test_several_sessions_bring_each_message_once(odd: Odd) -> None:
    deliver(Server("127.0.0.1", odd.port), *MANY, sessions=4)
    assert sorted(odd.texts) == sorted(message.data for message in MANY)
    assert odd.sessions == 4


def test_a_server_that_wants_few_messages_in_a_session_gets_more_sessions(odd: Odd) -> None:
    odd.limit = 7
    outcomes = deliver(Server("127.0.0.1", odd.port), *MANY, sessions=2)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert sorted(odd.texts) == sorted(message.data for message in MANY)


@pytest.mark.parametrize(("remembered", "tried"), [(60.0, 3), (0.0, 4)])
def test_a_session_too_many_does_not_keep_the_others_and_is_not_tried_again_soon(
    odd: Odd, monkeypatch: pytest.MonkeyPatch, remembered: float, tried: int
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._FURTHER", 0.3)
    monkeypatch.setattr("mail.smtp.connection_pool._REMEMBERED", remembered)
    odd.most = 2
    outcomes: dict[int, Outcome] = {}
    began = time.monotonic()
    with closing(ServerGroup([Server("127.0.0.1", odd.port)], sessions=4)) as fleet:
        for _ in range(2):
            fleet.deliver(iter(enumerate(MANY)), on_progress=lambda some, _: outcomes.update(some))
    assert time.monotonic() - began < 3
    assert {type(outcome) for outcome in outcomes.values()} == {Accepted}
    assert sorted(odd.texts) == sorted(2 * [message.data for message in MANY])
    assert odd.sessions == tried


def test_a_message_larger_than_what_the_socket_takes_arrives_whole(odd: Odd) -> None:
    large = a_message(text="x" * 76 + "\r\n" * 200_000)
    assert isinstance(deliver(Server("127.0.0.1", odd.port), large, a_message())[0], Accepted)
    assert odd.texts[0] == large.data


def test_a_message_in_more_pieces_than_one_system_call_takes_arrives_whole(odd: Odd) -> None:
    head = b"Subject: News\r\n\r\n.\r\n"
    pieces = [head, *(b"%05d" % n * 10 + b"\r\n" for n in range(3000))]
    mail = Message("a@example.org", "b@example.org", pieces)
    deliver(Server("127.0.0.1", odd.port), mail, mail)
    assert odd.texts == [b"".join([head.replace(b"\n.", b"\n.."), *pieces[1:]])] * 2


@pytest.mark.parametrize("answer", [HANG, DRIP, f"{LATE}250 2.0.0 Kept"])
def test_what_is_not_answered_in_time_is_uncertain(odd: Odd, answer: str) -> None:
    odd.answers = {END: answer}
    began = time.monotonic()
    server = Server("127.0.0.1", odd.port, timeout=0.2, final=0.3)
    (outcome,) = deliver(server, a_message())
    assert isinstance(outcome, Uncertain)
    assert time.monotonic() - began < 2


def test_the_answer_to_a_whole_text_is_waited_for_longer_than_others(odd: Odd) -> None:
    odd.answers = {END: f"{LATE}250 2.0.0 Kept"}
    server = Server("127.0.0.1", odd.port, timeout=0.3)
    assert isinstance(deliver(server, a_message())[0], Accepted)
    assert isinstance(deliver(replace(server, timeout=3, final=0.3), a_message())[0], Accepted)


@pytest.mark.parametrize("answer", [HANG, DRIP])
@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["plain", "pipelining"])
def test_a_command_that_is_not_answered_in_time_ends_the_session(
    odd: Odd, extensions: tuple[str, ...], word: str, answer: str
) -> None:
    odd.answers, odd.extensions = {word: answer}, extensions
    began = time.monotonic()
    (outcome,) = deliver(Server("127.0.0.1", odd.port, timeout=0.3), a_message())
    assert isinstance(outcome, Deferred)
    assert time.monotonic() - began < 2


def test_a_server_that_says_nothing_at_all_is_away(odd: Odd) -> None:
    odd.answers = {"CONNECT": HANG}
    (outcome,) = deliver(Server("127.0.0.1", odd.port, timeout=0.3), a_message())
    assert isinstance(outcome, ServerUnreachable)


def test_where_nobody_listens_the_server_is_away_and_nothing_more_is_drawn() -> None:
    outcomes = deliver(Server("127.0.0.1", 9), a_message(), a_message())
    assert [type(outcome) for outcome in outcomes] == [ServerUnreachable]


class Hurried:
    """What became of letters without an end, handed over until there is a hurry: with the first
    that is begun, or `settled`; from then on the server answers a text as `then` says."""

    def __init__(self, odd: Odd, *, then: str, after: str = "begun", sessions: int = 1) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.begun: list[int] = []
        self._odd, self._then, self._after, self._told = odd, then, after, 0.0
        server = Server("127.0.0.1", odd.port, timeout=20)
        with closing(ServerGroup([server], sessions=sessions)) as fleet:
            self.wait = fleet.deliver(
                ((n, a_message(f"{n}@example.org")) for n in count()),
                on_progress=self._note,
                should_stop=lambda: bool(self._told),
            )
        self.lasted = time.monotonic() - self._told

    def _note(self, settled: Sequence[tuple[int, Outcome]], begun: Sequence[int]) -> None:
        self.outcomes.update(settled)
        self.begun += begun
        if not self._told and (begun if self._after == "begun" else settled):
            self._odd.answers[END] = self._then
            self._told = time.monotonic()


@pytest.mark.parametrize("then", [HANG, DRIP])
def test_in_a_hurry_an_answer_is_not_waited_for_long(
    odd: Odd, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._HURRY", 0.5)
    hurried = Hurried(odd, then=then)
    assert isinstance(hurried.outcomes[0], Uncertain)
    assert hurried.lasted < 3


def test_in_a_hurry_nothing_more_is_begun_and_no_session_opened(
    odd: Odd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._HURRY", 0.5)
    hurried = Hurried(odd, then=HANG, after="settled")
    assert {n: type(outcome) for n, outcome in hurried.outcomes.items()} == {
        0: Accepted,
        1: Uncertain,
    }
    assert hurried.begun == [0, 1]
    assert odd.sessions == 1
    assert hurried.lasted < 3


@pytest.fixture(params=["CONNECT", "EHLO", "STARTTLS", "AUTH", "TLS", "no connection"])
def stuck(request: pytest.FixtureRequest, odd: Odd) -> Iterator[Server]:
    """A server with which no session comes about: it hangs at one of the steps."""
    server = Server("127.0.0.1", odd.port, timeout=20)
    match request.param:
        case "TLS":
            odd.answers = {"CONNECT": HANG}
            yield replace(server, tls=True)
        case "STARTTLS":
            odd.answers = {"STARTTLS": HANG}
            yield replace(server, starttls=True)
        case "no connection":
            with (
                socket.create_server(("127.0.0.1", 0), backlog=0) as full,
                socket.create_connection(full.getsockname()),
            ):
                yield replace(server, port=full.getsockname()[1])
        case word:
            odd.answers = {word: HANG}
            yield replace(server, user="letters", password="open sesame")


def test_a_hurry_ends_the_opening_of_a_session(stuck: Server) -> None:
    began = time.monotonic()
    noted: list[object] = []
    with closing(ServerGroup([stuck], sessions=1)) as fleet:
        wait = fleet.deliver(
            iter(enumerate(MANY)),
            on_progress=lambda *each: noted.append(each),
            should_stop=lambda: time.monotonic() > began + 0.2,
        )
    assert time.monotonic() - began < 2
    assert (wait, noted) == (None, [])


@pytest.mark.parametrize("word", ["CONNECT", "EHLO", "AUTH"])
def test_a_session_is_opened_in_time_as_a_whole(odd: Odd, word: str) -> None:
    odd.answers = {word: DRIP}
    server = Server("127.0.0.1", odd.port, user="letters", password="open sesame", timeout=0.5)
    began = time.monotonic()
    (outcome,) = deliver(server, a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("answers", [{END: HANG}, {"CONNECT": HANG}], ids=["text", "greeting"])
@pytest.mark.parametrize("told", [True, False])
def test_a_single_message_is_not_waited_for_long(
    odd: Odd,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    answers: dict[str, str],
    told: bool,
) -> None:
    monkeypatch.setattr("mail.smtp.connection_pool._HURRY", 0.3)
    monkeypatch.setattr("mail.delivery.single_messages._LONGEST", 20 if told else 0.3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_SERVERS = [Server("127.0.0.1", odd.port)]
    odd.answers = answers
    began = time.monotonic()
    with closing(Session(should_stop=lambda: told and time.monotonic() > began + 0.3)) as session:
        outcome = session.send(a_message())
    assert type(outcome) is (Uncertain if END in answers else ServerUnreachable)
    assert time.monotonic() - began < 3


@pytest.mark.redis
def test_a_hurry_is_no_reason_to_leave_a_server_alone(counting: Redis, odd: Odd) -> None:
    hurried = Hurried(odd, then="250 2.0.0 Kept", sessions=2)
    assert {type(outcome) for outcome in hurried.outcomes.values()} == {Accepted}
    assert sorted(hurried.begun) == sorted(hurried.outcomes)
    assert hurried.wait is None
    assert circuit_breakers.all_open() == {}
    assert hurried.lasted < 3


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<c@d>", "a b@c", "<a@b>", ""])
def test_an_address_that_would_break_the_command_is_refused(odd: Odd, address: str) -> None:
    outcomes = deliver(Server("127.0.0.1", odd.port), a_message(address), a_message())
    assert [type(outcome) for outcome in outcomes] == [Rejected, Accepted]


def test_an_address_beyond_ascii_needs_a_server_that_knows_of_it(odd: Odd) -> None:
    server = Server("127.0.0.1", odd.port)
    assert isinstance(deliver(server, a_message("水@example.org"))[0], Accepted)
    odd.extensions = ("PIPELINING",)
    assert isinstance(deliver(server, a_message("水@example.org"))[0], Rejected)


def test_text_beyond_ascii_is_announced(odd: Odd) -> None:
    deliver(Server("127.0.0.1", odd.port), a_message(text="水"), a_message())
    assert [command for command in odd.commands if command.startswith("MAIL")] == [
        "MAIL FROM:<letters@example.org> BODY=8BITMIME",
        "MAIL FROM:<letters@example.org>",
    ]


class Keeper:
    """Keeps texts."""

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
def keeper(context: SSLContext) -> Iterator[tuple[Keeper, int]]:
    """A server that wants STARTTLS and a password, and the port where it listens."""
    kept, (port,) = Keeper(), free_ports(1)
    controller = Controller(
        kept, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
        auth_required=True, auth_require_tls=True, authenticator=_knows,
    )  # fmt: skip
    controller.start()
    yield kept, port
    controller.stop()


def secured(port: int, *, password: str = "open sesame", host: str = "localhost") -> Server:
    return Server(host, port, user="letters", password=password, starttls=True, timeout=10)


def test_starttls_and_a_password(keeper: tuple[Keeper, int]) -> None:
    kept, port = keeper
    messages = [a_message(text=1000 * f"{60 * chr(120)}\r\n"), *MANY[:5]]
    outcomes = deliver(secured(port), *messages, sessions=2)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert sorted(kept.texts) == sorted(message.data for message in messages)


def test_a_wrong_password_is_away_and_no_failure_of_the_reader(keeper: tuple[Keeper, int]) -> None:
    (outcome,) = deliver(secured(keeper[1], password="guessed"), a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert outcome.code == 535


def test_a_certificate_of_somebody_else_is_not_believed(keeper: tuple[Keeper, int]) -> None:
    (outcome,) = deliver(secured(keeper[1], host="127.0.0.1"), a_message())
    assert isinstance(outcome, ServerUnreachable)
    assert keeper[0].texts == []


def test_a_server_without_tls_does_not_get_the_password(odd: Odd) -> None:
    odd.answers = {"STARTTLS": "502 5.5.1 No"}
    (outcome,) = deliver(secured(odd.port), a_message())
    assert isinstance(outcome, Deferred)
    assert not [command for command in odd.commands if command.startswith("AUTH")]


def test_words_said_before_tls_are_not_taken_for_the_servers(odd: Odd) -> None:
    odd.answers = {"STARTTLS": "220 Go on\r\n250-AUTH PLAIN\r\n250 injected"}
    (outcome,) = deliver(secured(odd.port), a_message())
    assert isinstance(outcome, ServerUnreachable)


@pytest.mark.parametrize("offered", ["PLAIN LOGIN", "LOGIN"])
def test_the_password_is_told_in_a_way_that_is_offered(odd: Odd, offered: str) -> None:
    odd.extensions = (f"AUTH {offered}", "PIPELINING")
    odd.answers = {"AUTH": "235 2.7.0 Welcome" if "PLAIN" in offered else "334 VXNlcm5hbWU6"}
    odd.answers |= {"bGV0dGVycw==": "334 UGFzc3dvcmQ6"}
    server = Server("127.0.0.1", odd.port, user="letters", password="open sesame")
    deliver(server, Message("a@example.org", "b@example.org", [b"\r\n"]))
    assert [command.split()[1] for command in odd.commands if command.startswith("AUTH")] == [
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
