"""Mails to the people of the office are due by a row, sent by a worker, once, and again when the
mail server was away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import invitations
from accounts.models import Invitation
from audit_log.models import Entry
from backoffice import tasks
from backoffice.colleague_pages import welcome
from backoffice.roles import EDITOR, PUBLISHER
from backoffice.sign_off_pages import mails
from bulletin_site.celery import app
from digests import releasing
from foundation import retries
from issues.models import Issue, SignOff, SignOffRequest
from mail.servers import Server
from publications.models import Bulletin
from tests.support.browsing import Page
from tests.support.colleagues import a_colleague, browser_of
from tests.support.factories import an_issue, weather
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=1)  # when a mail is tried again that could not be sent at once


@pytest.fixture
def draft() -> Issue:
    bulletin = weather()
    Bulletin.objects.update(needs_sign_off=True)
    bulletin.refresh_from_db()
    return an_issue(bulletin, Issue.Status.DRAFT)


@pytest.fixture
def ed(draft: Issue) -> User:
    return a_colleague("ed", EDITOR, of=draft.bulletin)


@pytest.fixture
def pat(draft: Issue) -> User:
    return a_colleague("pat", PUBLISHER, of=draft.bulletin)


@pytest.fixture
def back(settings: Settings, mail_server: MailServer) -> Callable[[], None]:
    """Have no mail server listen until this is called."""
    servers = settings.MAIL_SERVERS
    settings.MAIL_SERVERS = (Server("127.0.0.1", 1),)

    def come_back() -> None:
        settings.MAIL_SERVERS = servers

    return come_back


def page_of(issue: Issue) -> str:
    return f"/admin/issues/issue/{issue.pk}/sign-off/"


def submitted(draft: Issue, by: User) -> Page:
    return Page.at(browser_of(by), page_of(draft)).press("submit", "_submit")


def invited(editor: Client) -> Page:
    page = Page.at(editor, "/admin/auth/user/colleague/")
    group = re.search(r'name="groups" value="(\d+)"', page.text)
    assert group
    given = {"name": ["Fang"], "address": ["fang@office.example"], "groups": [str(group[1])]}
    return Page.at(editor, page.path, page.fields("colleague") | given)


def test_who_is_asked_gets_the_mail_when_the_server_is_back_and_once(
    draft: Issue, ed: User, pat: User, mail_server: MailServer, back: Callable[[], None]
) -> None:
    page = submitted(draft, ed)
    assert "those who are asked get a mail" in page.text
    assert "is asked again" in page.text
    request = SignOffRequest.objects.get()
    assert request.due_at is not None
    back()
    tasks.sweep()  # not yet due again
    assert not mail_server.recipients
    for _ in range(2):
        mails.send_request(request.pk, at=timezone.now() + SOON)
    assert mail_server.recipients == ["pat@office.example"]
    assert "mail of" in Page.at(browser_of(ed), page_of(draft)).text


def test_who_submitted_gets_the_decision_when_the_server_is_back_and_once(
    draft: Issue, ed: User, pat: User, mail_server: MailServer, back: Callable[[], None]
) -> None:
    submitted(draft, ed)
    Page.at(browser_of(pat), page_of(draft)).press("decide", "_release")
    found = SignOff.objects.get()
    assert found.decision == SignOff.Decision.RELEASED
    back()
    for _ in range(2):
        mails.send_decision(found.pk, at=timezone.now() + SOON)
    assert mail_server.recipients == ["ed@office.example"]
    tasks.sweep()
    mails.send_request(SignOffRequest.objects.get().pk, at=timezone.now() + SOON)
    assert mail_server.recipients == ["ed@office.example"]  # nobody is asked what was decided


def test_an_invited_colleague_gets_the_mail_when_the_server_is_back_and_once(
    editor: Client, mail_server: MailServer, back: Callable[[], None]
) -> None:
    page = invited(editor)
    assert "is asked again" in page.text
    assert "is on its way already" in page.press("welcome").text
    row = Invitation.objects.get()
    back()
    for _ in range(2):
        welcome.send_due(row.pk, at=timezone.now() + SOON)
    assert mail_server.recipients == ["fang@office.example"]
    assert "went on" in Page.at(editor, f"/admin/auth/user/{row.user_id}/change/").text
    assert Entry.objects.filter(act="colleague.invited").count() == 1


def test_a_second_press_mails_no_second_invitation_and_a_later_one_does(
    editor: Client, mail_server: MailServer
) -> None:
    page = invited(editor)
    assert "is on its way already" in page.press("welcome").text
    assert mail_server.recipients == ["fang@office.example"]
    Invitation.objects.update(mailed_at=timezone.now() - invitations.PAUSE)
    page.press("welcome")
    first, second = (re.search(rb"(?im)^message-id: *(.*)$", data) for _, data in mail_server.mails)
    assert first
    assert second
    assert first[1] != second[1]


def test_what_the_server_refuses_is_said_and_mailed_again_by_a_press(
    draft: Issue, ed: User, pat: User, mail_server: MailServer
) -> None:
    mail_server.responses["*"] = "550 No such mailbox"
    page = submitted(draft, ed)
    assert "the mail server did not take it: 550" in page.text
    mail_server.responses.clear()
    tasks.sweep()
    assert not mail_server.recipients
    page.press("waiting", "_mail")
    browser_of(ed).post(page_of(draft), {"_mail": "1", "sign_off": SignOff.objects.get().pk})
    assert mail_server.recipients == ["pat@office.example"]


def test_a_refused_invitation_is_said_on_the_page_of_the_colleague(
    editor: Client, mail_server: MailServer
) -> None:
    mail_server.responses["*"] = "550 No such mailbox"
    assert "did not take the mail with the link: 550" in invited(editor).text


def test_what_was_changed_meanwhile_is_mailed_to_nobody(
    draft: Issue, ed: User, pat: User, mail_server: MailServer
) -> None:
    found = releasing.submit(draft, by=ed, asked=[pat], at=timezone.now())
    Issue.objects.update(title="Changed")
    tasks.sweep()
    assert not mail_server.recipients
    assert found.requests.get().due_at is None


def test_the_sweep_finds_the_mails_whose_tasks_were_lost(
    draft: Issue, ed: User, pat: User, mail_server: MailServer
) -> None:
    found = releasing.submit(draft, by=ed, asked=[pat], at=timezone.now())
    new = User.objects.create_user("fang", "fang@office.example", is_staff=True)
    invitations.invite(new, language="zh-hans", at=timezone.now())
    assert not mail_server.recipients
    tasks.sweep()
    assert mail_server.recipients == ["fang@office.example", "pat@office.example"]
    assert "密码" in mail_server.mail_to("fang@office.example").get_content()
    releasing.release(found, by=pat, at=timezone.now())
    tasks.sweep()
    assert "ed@office.example" in mail_server.recipients
    assert app.conf.beat_schedule["office"]["task"] == "backoffice.tasks.sweep"
    assert app.conf.task_routes["backoffice.tasks.*"] == {"queue": "notices"}


def test_a_claim_of_a_worker_that_died_ends(
    draft: Issue, ed: User, pat: User, mail_server: MailServer
) -> None:
    at = timezone.now()
    releasing.submit(draft, by=ed, asked=[pat], at=at)
    SignOffRequest.objects.update(due_at=at + retries.LEASE)  # claimed, and never settled
    request = SignOffRequest.objects.get()
    mails.send_request(request.pk, at=at + retries.LEASE - timedelta(seconds=1))
    assert not mail_server.recipients
    mails.send_request(request.pk, at=at + retries.LEASE)
    assert mail_server.recipients == ["pat@office.example"]


def test_a_mail_is_given_up_after_a_day_and_the_page_offers_it_again(
    draft: Issue, ed: User, pat: User, back: Callable[[], None]
) -> None:
    submitted(draft, ed)
    request = SignOffRequest.objects.get()
    times: list[datetime] = []
    while request.due_at is not None:
        times.append(request.due_at)
        mails.send_request(request.pk, at=request.due_at)
        request.refresh_from_db()
    assert len(times) < 30
    assert times[-1] - times[0] > retries.GIVEN_UP_AFTER / 2
    assert 'name="_mail"' in Page.at(browser_of(ed), page_of(draft)).text


def test_nobody_without_an_address_is_mailed_and_the_page_names_them(
    draft: Issue, ed: User, pat: User, mail_server: MailServer
) -> None:
    User.objects.filter(pk=pat.pk).update(email="")
    page = submitted(draft, ed)
    assert "No mail can be sent to: pat" in page.text
    assert "no email address" in page.text
    assert 'name="_mail"' not in page.text
    assert not mail_server.recipients
