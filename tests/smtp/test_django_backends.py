"""By a backend of Django a message arrives as it was made, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.core.mail.backends import smtp
from pytest_django.fixtures import Settings

from digests.rendering import MessageRenderer
from mail.delivery import Accepted, Message, Session
from subscribers import confirmation_mail
from subscribers.models import Subscriber
from tests.support.factories import NOON, a_bulletin, a_long_draft, topics_of
from tests.support.mail_server import MailServer
from tests.support.messages import rendered_digest_of

pytestmark = pytest.mark.django_db


class OfAnother(smtp.EmailBackend):
    """What a site might put in place of Django's own."""


def a_digest(language: str, format_: str) -> Message:
    """With a Chinese subject of several lines, and more than one long address in its header."""
    bulletin = a_bulletin(reply_to="editors@example.org", sender_name="云泽科技周讯" * 8)
    issue = a_long_draft(bulletin, topics_of(bulletin, ["Water"]), articles=2)
    issue.sections.get().articles.update(title="湖区发布科学数据共享办法" * 3)
    rendered_digest = rendered_digest_of(issue)
    delivery = rendered_digest.delivery(
        topic_mask=1, language=language, format=format_, name="李, \u202e雷"
    )
    return MessageRenderer(rendered_digest.digest).message(delivery, at=NOON)


def a_confirmation(language: str, _format: str) -> Message:
    bulletin = a_bulletin(name="云泽科技信息" * 9)
    reader = Subscriber(pk=7, bulletin=bulletin, address="ann@reader.example", language=language)
    return confirmation_mail.message(reader, at=NOON)


@pytest.fixture(params=[(a_digest, "html"), (a_digest, "text"), (a_confirmation, "html")])
def message(request: pytest.FixtureRequest, settings: Settings) -> Message:
    settings.SITE_URL = "https://a-long-name-of-the-bulletin.information.institute.example.org"
    settings.RETURN_PATH = "bounces@bounces.example.org"
    make: Callable[[str, str], Message]
    make, format_ = request.param
    return make("zh-hans", format_)


def send(message: Message) -> None:
    with closing(Session()) as session:
        assert isinstance(session.send(message), Accepted)


@pytest.mark.parametrize(
    "backend",
    [
        "django.core.mail.backends.smtp.EmailBackend",  # our own client
        f"{__name__}.{OfAnother.__name__}",
    ],
)
def test_on_the_wire_are_the_bytes_that_were_made(
    message: Message, backend: str, mail_server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = backend
    send(message)
    ((_recipient, received),) = mail_server.mails
    assert received == message.data


def test_in_a_file_are_the_lines_that_were_made(
    message: Message, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    send(message)
    (file,) = tmp_path.iterdir()
    written, _ruler, rest = file.read_bytes().rpartition(b"-" * 79)
    assert rest == b"\n"
    assert written.removesuffix(b"\n") == message.data.replace(b"\r\n", b"\n")
