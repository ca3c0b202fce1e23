"""On the same servers, messages end as they do with smtplib, and arrive byte for byte the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.delivery import Accepted, Deferred, Message, Outcome, Rejected, Uncertain
from mail.servers import Server
from tests.bounces import postfix
from tests.support.flaky_server import DROP, END_OF_TEXT, FlakyServer, code_by_smtplib
from tests.support.smtp import a_message, deliver

TERSE = ((), ("PIPELINING", "8BITMIME", "SMTPUTF8"))


@pytest.mark.parametrize("extensions", TERSE, ids=["plain", "pipelining"])
@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ({}, Accepted),
        ({"RCPT": "550 5.1.1 No such mailbox"}, Rejected),
        ({"RCPT": "451 4.7.1 Greylisted"}, Deferred),
        ({"RCPT": "251 2.1.5 It will be forwarded"}, Accepted),
        ({"MAIL": "550 5.7.1 Not from you"}, Deferred),
        ({"MAIL": "530 5.7.0 Authentication required"}, Deferred),
        ({"RCPT": "530 5.7.0 Authentication required"}, Deferred),
        ({"MAIL": "421 4.3.2 Closing"}, Deferred),
        ({"RCPT": "421 4.3.2 Closing"}, Deferred),
        ({"DATA": "451 4.3.0 Not now"}, Deferred),
        ({"DATA": "554 5.6.0 Never"}, Rejected),
        ({END_OF_TEXT: "552 5.2.2 Full"}, Rejected),
        ({END_OF_TEXT: "452 4.2.2 Full for now"}, Deferred),
        ({END_OF_TEXT: "421 4.3.2 Closing"}, Deferred),
        ({END_OF_TEXT: "550-5.7.1 Two lines\r\n550 5.7.1 of it"}, Rejected),
        ({"EHLO": "502 5.5.1 What?"}, Accepted),
    ],
)
def test_a_reply_means_what_it_does_to_smtplib(
    flaky: FlakyServer, extensions: tuple[str, ...], replies: dict[str, str], kind: type[Outcome]
) -> None:
    flaky.extensions, flaky.replies = extensions, replies
    (outcome,) = deliver(Server("127.0.0.1", flaky.port), a_message())
    assert type(outcome) is kind
    code = code_by_smtplib(flaky.port, a_message())
    assert outcome.code == (250 if code == 251 else code)


@pytest.mark.parametrize("extensions", TERSE, ids=["plain", "pipelining"])
@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ({END_OF_TEXT: DROP}, Uncertain),
        ({END_OF_TEXT: "What?"}, Uncertain),
        ({"DATA": DROP}, Deferred),
        ({"RCPT": DROP}, Deferred),
        ({"MAIL": DROP}, Deferred),
        ({"CONNECT": DROP}, Deferred),
        ({"CONNECT": "554 5.3.2 Go away"}, Deferred),
        ({"EHLO": DROP}, Deferred),
        ({"CONNECT": "HTTP/1.1 400 Bad Request"}, Deferred),
    ],
)
def test_only_a_message_sent_whole_without_a_reply_is_uncertain(
    flaky: FlakyServer, extensions: tuple[str, ...], replies: dict[str, str], kind: type[Outcome]
) -> None:
    flaky.extensions, flaky.replies = extensions, replies
    (outcome,) = deliver(Server("127.0.0.1", flaky.port), a_message())
    assert isinstance(outcome, kind)


@pytest.mark.parametrize("extensions", TERSE, ids=["plain", "pipelining"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=".a\n\u6c34", max_size=200))
def test_a_text_arrives_as_smtplib_would_have_brought_it(
    flaky: FlakyServer, extensions: tuple[str, ...], text: str
) -> None:
    flaky.extensions = extensions
    flaky.texts.clear()
    message = a_message(text=text.replace("\n", "\r\n"))
    deliver(Server("127.0.0.1", flaky.port), message)
    code_by_smtplib(flaky.port, message)
    ours, theirs = flaky.texts
    assert ours == theirs


@pytest.mark.parametrize("extensions", TERSE, ids=["plain", "pipelining"])
def test_a_recipient_that_is_refused_fails_alone(
    flaky: FlakyServer, extensions: tuple[str, ...]
) -> None:
    flaky.extensions = extensions
    flaky.replies = {f"{n}@example.org": "550 5.1.1 No such mailbox" for n in (0, 3, 4, 9)}
    messages = [a_message(f"{n}@example.org", text=str(n)) for n in range(10)]
    outcomes = deliver(Server("127.0.0.1", flaky.port), *messages)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Rejected)] == [
        0,
        3,
        4,
        9,
    ]
    assert flaky.texts == [messages[n].data for n in (1, 2, 5, 6, 7, 8)]
    assert flaky.sessions == 1


def test_a_server_that_wants_the_text_of_a_refused_recipient_gets_an_empty_one(
    flaky: FlakyServer,
) -> None:
    flaky.replies = {"0@example.org": "550 5.1.1 No such mailbox", "DATA": "354 Go on"}
    messages = [a_message(f"{n}@example.org", text=str(n)) for n in range(3)]
    outcomes = deliver(Server("127.0.0.1", flaky.port), *messages)
    assert [type(outcome) for outcome in outcomes] == [Rejected, Accepted, Accepted]
    assert flaky.texts == [b"", messages[1].data, messages[2].data]


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("0@example.org", "252 2.1.5 Who knows"),
        ("0@example.org", "299 2.1.5 Well"),
        ("nobody@example.org", "451 4.3.0 Not now"),
    ],
)
def test_no_empty_text_goes_to_a_recipient_that_may_have_been_accepted(
    flaky: FlakyServer, address: str, reply: str
) -> None:
    flaky.replies = {address: reply, "DATA": "354 Go on"}
    first = Message("nobody@example.org", "0@example.org", [b"Subject: News\r\n\r\n"])
    outcomes = deliver(Server("127.0.0.1", flaky.port), first, a_message())
    assert [type(outcome) for outcome in outcomes] == [Deferred, Accepted]
    assert outcomes[0].code == int(reply[:3])
    assert flaky.texts == [a_message().data]


@pytest.mark.skipif(bool(postfix.missing()), reason=postfix.missing() or "there is one")
def test_a_real_postfix_takes_the_same_from_both() -> None:
    with postfix.running() as server:
        mails = [
            Message(
                sender="letters@example.org",
                recipient=f"reader{n}@{postfix.RETURN_DOMAIN}",
                pieces=[b"Subject: News\r\n\r\n" + b".\r\n..a line\r\n" * n],
            )
            for n in range(12)
        ]
        outcomes = deliver(Server("127.0.0.1", server.port), *mails, sessions=3)
        assert {type(outcome) for outcome in outcomes} == {Accepted}
        for mail in mails:
            assert code_by_smtplib(server.port, mail) == 250
        server.wait_until(lambda: len(server.collector.mails) >= 24)
        came = [(*to, text_of(data)) for to, data in server.collector.mails]
        assert sorted(came) == sorted(2 * [(mail.recipient, text_of(mail.data)) for mail in mails])


def text_of(mail: bytes) -> bytes:
    return mail.partition(b"\r\n\r\n")[2]
