"""A forgotten password: a link by mail, once, which says to nobody who has an account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import password_links, tasks
from accounts.models import PasswordLinkRequest
from audit_log.models import Entry
from bulletin_site.celery import app
from tests.accounts.conftest import PASSWORD, Door
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db
FORGOTTEN = "/admin/login/forgotten/"
NEW = "an even longer one of this test"


def asked(address: str, *, language: str = "en", **more: Any) -> Any:
    client = Client(headers={"accept-language": language})
    return client.post(FORGOTTEN, {"email": address}, **more)


def link() -> str:
    """The link in the mail that came last."""
    return str(re.findall(r"http://\S+/admin/login/new/\S+", str(mail.outbox[-1].body))[0])


def path_of(address: str, settings: Settings) -> str:
    assert address.startswith(settings.SITE_URL)
    return address.removeprefix(settings.SITE_URL)


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("en", "Set a new password", "works once"), ("zh-hans", "设置新密码", "只能使用一次")],
)
def test_a_link_by_mail_sets_a_password_once_and_ends_all_sessions(
    colleague: User, settings: Settings, language: str, subject: str, words: str
) -> None:
    inside = Door()
    inside.password("colleague")
    assert inside.is_in()
    assert asked("Colleague@Office.example", language=language).status_code == 200
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["colleague@office.example"], subject)
    assert words in sent.body
    assert not PasswordLinkRequest.objects.exists()
    path = path_of(link(), settings)
    browser = Client(headers={"accept-language": language})
    assert browser.get(path).status_code == 200
    weak = {"new_password1": "password1234", "new_password2": "password1234"}
    assert browser.post(path, weak).status_code == 200
    assert inside.is_in()
    good = {"new_password1": NEW, "new_password2": NEW}
    assert browser.post(path, good).status_code == 200
    assert not inside.is_in()
    assert browser.get(path).status_code == browser.post(path, good).status_code == 403
    fresh = Door()
    assert fresh.password("colleague").status_code == 200
    assert fresh.password("colleague", NEW).status_code == 302
    acts = Entry.objects.values_list("act", flat=True)
    assert {"password_link.sent", "password.changed", "login.succeeded"} <= set(acts)


def test_nobody_learns_whether_there_is_such_an_account(colleague: User) -> None:
    User.objects.create_user("reader", "reader@office.example", PASSWORD)
    User.objects.create_user(
        "gone", "gone@office.example", PASSWORD, is_staff=True, is_active=False
    )
    known = asked("colleague@office.example")
    for other in ("nobody@office.example", "reader@office.example", "gone@office.example"):
        answer = asked(other)
        assert answer.status_code == known.status_code
        assert strip(answer) == strip(known)
    assert [one.to for one in mail.outbox] == [["colleague@office.example"]]


def strip(answer: Any) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_links_are_bounded_by_address_and_by_network_alike_for_known_and_unknown(
    colleague: User,
) -> None:
    for address in ("colleague@office.example", "nobody@office.example"):
        codes = [asked(address, REMOTE_ADDR=f"198.51.{n}.7").status_code for n in range(4)]
        assert codes == [200, 200, 200, 429]
    assert len(mail.outbox) == 3
    codes = [
        asked(f"n{n}@office.example", REMOTE_ADDR="203.0.113.7").status_code for n in range(11)
    ]
    assert codes == [200] * 10 + [429]


def test_the_link_leads_to_this_site_whatever_host_was_asked(
    colleague: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://bulletin.example"
    settings.ALLOWED_HOSTS = ["bulletin.example", "localhost"]
    assert asked("colleague@office.example", HTTP_HOST="evil.example").status_code == 400
    asked("colleague@office.example", HTTP_HOST="localhost", HTTP_X_FORWARDED_HOST="evil.example")
    body = str(mail.outbox[0].body)
    assert set(re.findall(r"https?://([^/\s]+)", body)) == {"bulletin.example"}


def test_a_link_that_is_too_old_forged_or_of_who_may_not_log_in_is_none(
    colleague: User, settings: Settings
) -> None:
    path = path_of(password_links.address_of(colleague), settings)
    assert Client().get(path).status_code == 200
    for wrong in (path[:-2] + "x/", path.replace("new/", "new/x"), "/admin/login/new/x/"):
        assert Client().get(wrong).status_code == 403
    with pytest.MonkeyPatch.context() as later:
        hours = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 2)
        generator = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
        later.setattr(f"{generator}._now", lambda _: datetime.now() + hours)  # noqa: DTZ005
        assert Client().get(path).status_code == 403
    colleague.is_active = False
    colleague.save()
    assert Client().get(path).status_code == 403


def test_a_second_factor_is_still_asked_for_after_a_new_password(
    chief: User, door: Door, settings: Settings
) -> None:
    door.password("chief")
    door.add_app()
    chief.refresh_from_db()
    path = path_of(password_links.address_of(chief), settings)
    Client().post(path, {"new_password1": NEW, "new_password2": NEW})
    assert Door().password("chief", NEW)["Location"] == "/admin/login/code/"


def test_while_the_mail_server_is_away_the_link_waits_and_then_is_mailed_once(
    colleague: User, settings: Settings, mail_server: MailServer
) -> None:
    away, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert asked("colleague@office.example").status_code == 200
    row = PasswordLinkRequest.objects.get()
    settings.EMAIL_PORT = away
    tasks.sweep()  # not yet due again
    assert not mail_server.recipients
    later = row.due_at + password_links.AGAIN_AFTER
    for _ in range(2):
        password_links.send_due(row.pk, at=later)
    assert len(mail_server.recipients) == 1
    assert not PasswordLinkRequest.objects.exists()


def test_the_sweep_finds_a_link_whose_task_was_lost(colleague: User) -> None:
    password_links.request("colleague@office.example", at=timezone.now(), language="en")
    assert not mail.outbox
    tasks.sweep()
    assert len(mail.outbox) == 1
    assert "accounts.tasks.*" in app.conf.task_routes
